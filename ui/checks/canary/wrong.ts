// A mistake on purpose; checks/canary.mjs expects it to be found.
export const minutes: number = "ten";
