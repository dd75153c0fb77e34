/** Pieces that the list and the drawer share. */
import type { Schemas } from "../../api/client";
import { users } from "../../i18n/users";
import { useWords } from "../../i18n/words";

type User = Schemas["User"];
type Kind = User["kind"];

export function useKindName(): (kind: Kind) => string {
  const say = useWords(users);
  return (kind) => say(kind ?? "internal");
}

export function KindName(props: { kind: Kind }) {
  return useKindName()(props.kind);
}

export function Status(props: { active: boolean }) {
  const say = useWords(users);
  return (
    <span>
      <span className={props.active ? "dot" : "dot off"} aria-hidden />
      {say(props.active ? "active" : "inactive")}
    </span>
  );
}

/** An attribute as text. */
export function text(attributes: User["attributes"], name: string): string {
  const value = attributes?.[name];
  return typeof value === "string" ? value : "";
}

/** The name of the position, as an import brought it. */
export function positionOf(user: User): string {
  return text(user.attributes, "UserRole.Name");
}
