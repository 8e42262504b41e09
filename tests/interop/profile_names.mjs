// The names of all profiles that the AWS SDK for JavaScript reads from the config file, as JSON.

import { loadSharedConfigFiles } from "@smithy/core/config";

const { configFile } = await loadSharedConfigFiles();
console.log(JSON.stringify(Object.keys(configFile).filter((name) => !name.includes(" ") && !/^(sso-session|services)\./.test(name))));
