/** Words for names that the server sends: known ones in the person's language, others as they are. */
import { fill, useLanguage, type Words } from "../i18n/words";

export type SayNamed = (name: string, values?: Readonly<Record<string, string | number>>) => string;

export function useNamed(all: Words): SayNamed {
  const at = useLanguage() === "en" ? 0 : 1;
  return (name, values) => fill(all[name]?.[at] ?? name, values);
}
