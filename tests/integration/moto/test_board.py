"""smflow board with runs on the S3 of moto: read from there, published there, and opened from there as a page."""

import json
import unittest

import boto3
from moto_server import MotoServer
from smflow_case import SmflowCase

RUN = "gan-20261123-130245-7f3a2"
RECORD = {"schema": "smflow.run/1", "run": {"id": RUN, "experiment": "team/exp", "created": "2026-11-23T13:02:45.118Z"}}


class Board(SmflowCase):
    @classmethod
    def setUpClass(cls):
        cls.moto = cls.enterClassContext(MotoServer())

    def test_is_published_as_a_page(self):
        self.environment.update(self.moto.environment())
        s3 = boto3.client("s3", endpoint_url=self.moto.url, **self.moto.keys)
        s3.create_bucket(Bucket="results", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        s3.put_object(Bucket="results", Key=f"team/exp/configs/{RUN}/record.json", Body=json.dumps(RECORD))
        self.assert_exit(self.smflow("runs", "list", "--reindex", "--bucket", "results"), 0)
        result = self.smflow("board", "--bucket", "s3://results", "--experiment", "team", "--publish")
        self.assert_exit(result, 0)
        self.assertEqual(result.stdout, "s3://results/team/board.html\n")
        answer = s3.get_object(Bucket="results", Key="team/board.html")
        self.assertEqual(answer["ContentType"], "text/html; charset=utf-8")
        self.assertIn('id="cards"', answer["Body"].read().decode())
        self.assert_exit(self.smflow("board", "--bucket", "results", "--experiment", "team", "--publish"), 0)


if __name__ == "__main__":
    unittest.main()
