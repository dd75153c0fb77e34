/** What objects and fields are called, as far as the person may know them; else their ids. */
import { fieldName } from "../../i18n/fields";
import { objectName } from "../../i18n/objects";
import { useLanguage } from "../../i18n/words";
import { useMyObjects } from "../../session";

type Id = string | null | undefined;

export function useObjectNames(): (id: Id) => string {
  const at = useLanguage() === "en" ? 0 : 1;
  const mine = useMyObjects().data;
  return (id) => {
    if (!id) return "";
    return objectName(mine?.find((one) => one.id === id) ?? { id, name: id }, at);
  };
}

export function useFieldNames(object: Id): (id: string) => string {
  const at = useLanguage() === "en" ? 0 : 1;
  const fields = useMyObjects().data?.find(({ id }) => id === object)?.fields ?? {};
  return (id) => fieldName(id, fields[id]?.name ?? id, at);
}
