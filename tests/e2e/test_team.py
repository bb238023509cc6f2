"""A team whose bucket is a folder that all may read and two may write."""

import hashlib
import unittest

from smflow_case import SmflowCase
from team_flow import TeamFlow


class Team(TeamFlow, SmflowCase):
    def setUp(self):
        super().setUp()
        self.results = self.folder / "shared/results"
        self.bucket = f"file://{self.results}"
        self.write("shared/letters/a.txt", "one\n")
        self.write_project(f"file://{self.folder}/shared/letters")

    def allow_writing(self, allowed):
        for path in (self.results, *self.results.rglob("*")):
            path.chmod((0o755 if path.is_dir() else 0o644) if allowed else (0o555 if path.is_dir() else 0o444))

    def become_a_reader(self):
        self.allow_writing(False)
        self.addCleanup(self.allow_writing, True)
        self.place = self.folder / "teammate"
        self.place.mkdir()
        self.environment |= {"SUDO_USER": "mia", "XDG_CACHE_HOME": str(self.place / "cache"), "SMFLOW_BUCKET": self.bucket}

    def objects(self):
        return sorted((str(path.relative_to(self.results)), hashlib.sha256(path.read_bytes()).hexdigest())
                      for path in self.results.rglob("*") if path.is_file())


if __name__ == "__main__":
    unittest.main()
