"""smflow doctor against the security token service of moto: plain keys, an assumed role, a web identity."""

import unittest

from moto_server import ACCOUNT, MotoServer
from secret_scan import leaks
from smflow_case import SmflowCase

ROLE = f"arn:aws:iam::{ACCOUNT}:role/Trainer"


class Doctor(SmflowCase):
    @classmethod
    def setUpClass(cls):
        cls.moto = cls.enterClassContext(MotoServer())

    def setUp(self):
        super().setUp()
        self.environment.update(self.moto.environment())

    def identity(self, *arguments):
        found = self.json_of("doctor", "--json", *arguments)
        self.assertEqual(found["region"], "eu-west-1")
        self.assertEqual(found["identity"]["account"], ACCOUNT)
        self.assertEqual(leaks(self.moto.keys | {"region_name": ""}, texts=[("the answer", str(found))]), [])
        return found["identity"]["arn"]

    def test_plain_keys(self):
        self.assertEqual(self.identity(), f"arn:aws:sts::{ACCOUNT}:user/moto")

    def test_a_role_of_a_profile(self):
        keys = [self.environment.pop(name) for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")]
        self.write("home/.aws/credentials", f"[base]\naws_access_key_id={keys[0]}\naws_secret_access_key={keys[1]}\n")
        self.write("home/.aws/config", f"[profile team]\nrole_arn={ROLE}\nsource_profile=base\nrole_session_name=me\n")
        self.assertEqual(self.identity("--profile", "team"), f"arn:aws:sts::{ACCOUNT}:assumed-role/Trainer/me")

    def test_a_web_identity(self):
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            del self.environment[name]
        token = self.write("token", "a.b.c")
        self.environment.update(AWS_WEB_IDENTITY_TOKEN_FILE=str(token), AWS_ROLE_ARN=ROLE, AWS_ROLE_SESSION_NAME="me")
        self.assertEqual(self.identity(), f"arn:aws:sts::{ACCOUNT}:assumed-role/Trainer/me")


if __name__ == "__main__":
    unittest.main()
