"""Asks STS who a profile's credentials belong to, by boto3: caller_identity.py PROFILE."""

import json
import sys

import boto3

sts = boto3.Session(profile_name=sys.argv[1]).client("sts")
answer = sts.get_caller_identity()
print(json.dumps({key: answer[key] for key in ("UserId", "Account", "Arn")}))
