// Messages as their files give them, made into one table for each language.

/** All messages of a language, by `folder.name`. */
export type Table = Readonly<Record<string, string>>;
/** Files by path, `…/<language>/<folder>.json`. */
export type Files = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** One table for each language. */
export function joined(files: Files): Record<string, Table> {
  const tables: Record<string, Record<string, string>> = {};
  for (const [path, messages] of Object.entries(files)) {
    const [code = "", folder = ""] = path.replace(/\.json$/u, "").split("/").slice(-2);
    const table = (tables[code] ??= {});
    for (const [name, message] of Object.entries(messages)) table[`${folder}.${name}`] = message;
  }
  return tables;
}
