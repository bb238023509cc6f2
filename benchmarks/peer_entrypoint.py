"""What the sagemaker-training toolkit does at the least around a program: read the three files of the contract, set the
variables, run the program, give its exit code. Standard library only; the toolkit also imports boto3, numpy, scipy and
gevent, so this is its floor."""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

base = Path(os.environ["SAGEMAKER_BASE_DIR"])
logging.basicConfig(level=logging.INFO)
hyperparameters = json.loads((base / "input/config/hyperparameters.json").read_text())
resources = json.loads((base / "input/config/resourceconfig.json").read_text())
channels = json.loads((base / "input/config/inputdataconfig.json").read_text())
environment = dict(os.environ, SM_HOSTS=json.dumps(resources["hosts"]), SM_CURRENT_HOST=resources["current_host"],
                   SM_HPS=json.dumps(hyperparameters), SM_MODEL_DIR=str(base / "model"))
environment.update({f"SM_CHANNEL_{name.upper()}": str(base / "input/data" / name) for name in channels})
arguments = [text for name, value in hyperparameters.items() for text in (f"--{name}", value)]
sys.exit(subprocess.run(["./main.sh", *arguments], cwd=base / "code", env=environment, check=False).returncode)
