// Asks STS who credentials belong to, by the AWS SDK for JavaScript: of a profile, or of what the
// environment leads to. caller_identity.mjs [PROFILE]

import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { fromNodeProviderChain } from "@aws-sdk/credential-providers";

const profile = process.argv[2];
const credentials = fromNodeProviderChain(profile ? { profile } : {});
const sts = new STSClient({ ...(profile && { profile }), credentials });
const { UserId, Account, Arn } = await sts.send(new GetCallerIdentityCommand({}));
console.log(JSON.stringify({ UserId, Account, Arn }));
