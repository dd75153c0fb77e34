/** What an edit is about, by its kind and its name. */
import { objectName } from "../../i18n/objects";
import { entityKinds } from "../../i18n/waiting";
import { useLanguage } from "../../i18n/words";
import { useMyObjects } from "../../session";
import { useNames } from "../../ui/directory";
import { useNamed } from "../../ui/named";

export function useEntity(): (entity: { kind: string; id: string }) => string {
  const at = useLanguage() === "en" ? 0 : 1;
  const kindName = useNamed(entityKinds);
  const names = useNames();
  const mine = useMyObjects().data;
  const known: Readonly<Record<string, (id: string) => string>> = {
    object: (id) => objectName(mine?.find((one) => one.id === id) ?? { id, name: id }, at),
    user: names.user,
    set: names.set,
    set_group: names.setGroup,
    group: names.group,
    node: names.node,
  };
  return ({ kind, id }) => `${kindName(kind)} ${(known[kind] ?? String)(id)}`.trim();
}
