#!/usr/bin/env python3
"""What botocore, and with it the AWS CLI and boto3, reads from AWS config files.

usage: config_readers.py FILE...

One line of JSON for each file: {"file", "profiles": {name: {key: value}}, "sso_sessions": {...}},
or {"file", "error"} where botocore refuses the file. A nested block is an object.
"""

import json
import sys

from botocore.configloader import load_config
from botocore.exceptions import BotoCoreError


def read(path):
    try:
        config = load_config(path)
    except BotoCoreError as error:
        return {"file": path, "error": str(error)}
    return {
        "file": path,
        "profiles": config["profiles"],
        "sso_sessions": config["sso_sessions"],
    }


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    for path in sys.argv[1:]:
        print(json.dumps(read(path)))


if __name__ == "__main__":
    main()
