"""The hosts and the regions of the keys for every service that smflow asks, in every region of every partition, with and
without FIPS and dual stack, against the rules that botocore has."""

import itertools
import os
import subprocess
import unittest

import botocore.loaders
from botocore.endpoint_provider import EndpointProvider
from botocore.exceptions import EndpointProviderError
from moto_server import folder

SERVICES = {"sagemaker": "sagemaker", "ecr": "ecr", "cloudwatch_logs": "logs", "sts": "sts", "iam": "iam", "s3": "s3",
            "service_quotas": "service-quotas", "sso": "sso", "sso_oidc": "sso-oidc", "ssm": "ssm"}
# As the AWS General Reference has them: dual stack of ECR is at ecr.<region>.api.aws, and IAM has none by region.
OTHERWISE = {("ecr", True), ("iam", True)}


class Endpoints(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder()
        loader = botocore.loaders.Loader()
        cls.partitions = loader.load_data("partitions")
        cls.providers = {ours: EndpointProvider(loader.load_service_model(theirs, "endpoint-rule-set-1"), cls.partitions)
                         for ours, theirs in SERVICES.items()}

    def theirs(self, service, region, fips, dual_stack):
        more = {"UseGlobalEndpoint": False} if service == "sts" else {}
        try:
            endpoint = self.providers[service].resolve_endpoint(Region=region, UseFIPS=fips, UseDualStack=dual_stack, **more)
        except EndpointProviderError:
            return "-"
        schemes = endpoint.properties.get("authSchemes", [{}])
        return f"{endpoint.url} {schemes[0].get('signingRegion', region)}"

    def test_are_those_of_botocore(self):
        regions = [region for partition in self.partitions["partitions"] for region in partition["regions"]
                   if not region.endswith("-global")]
        self.assertGreater(len(regions), 40)
        cases = [case for case in itertools.product(SERVICES, regions, (False, True), (False, True))
                 if (case[0], case[3]) not in OTHERWISE]
        asked = "".join(f"{service} {region} {int(fips)} {int(dual)}\n" for service, region, fips, dual in cases)
        answers = subprocess.run([os.environ["ENDPOINTS"]], input=asked, check=True, capture_output=True, text=True).stdout
        ours = dict(zip(cases, answers.splitlines(), strict=True))
        different = {case: (answer, self.theirs(*case)) for case, answer in ours.items() if answer != self.theirs(*case)}
        self.assertEqual(different, {})


if __name__ == "__main__":
    unittest.main()
