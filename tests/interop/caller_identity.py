"""Asks STS who credentials belong to, by boto3: of a profile, or of what the environment leads to.

    caller_identity.py [PROFILE]
"""

import json
import sys

import boto3

sts = boto3.Session(profile_name=sys.argv[1] if sys.argv[1:] else None).client("sts")
answer = sts.get_caller_identity()
print(json.dumps({key: answer[key] for key in ("UserId", "Account", "Arn")}))
