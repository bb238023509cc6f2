"""The fake of AWS itself: it answers, and is gone when its test is."""

import unittest

import boto3

from moto_server import ACCOUNT, MotoServer


class Server(unittest.TestCase):
    def test_answers_with_the_account_of_the_tests(self):
        with MotoServer() as moto:
            identity = boto3.client("sts", endpoint_url=moto.url, **moto.keys).get_caller_identity()
        self.assertEqual(identity["Account"], ACCOUNT)

    def test_ends_when_its_test_ends_in_any_way(self):
        with MotoServer() as moto:
            moto.process.stdin.close()
            self.assertEqual(moto.process.wait(timeout=60), 0)


if __name__ == "__main__":
    unittest.main()
