// Asks STS who a profile's credentials belong to, by the AWS SDK for JavaScript:
// caller_identity.mjs PROFILE.

import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { fromNodeProviderChain } from "@aws-sdk/credential-providers";

const profile = process.argv[2];
const sts = new STSClient({ profile, credentials: fromNodeProviderChain({ profile }) });
const { UserId, Account, Arn } = await sts.send(new GetCallerIdentityCommand({}));
console.log(JSON.stringify({ UserId, Account, Arn }));
