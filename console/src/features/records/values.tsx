/** A value as a person reads it, and the people and parents that rows name. */
import { EyeInvisibleOutlined, LockOutlined } from "@ant-design/icons";
import { useNavigate } from "@tanstack/react-router";
import { Tooltip } from "antd";
import { createContext, type MouseEvent, type ReactNode, useContext } from "react";
import { inOneLanguage } from "../../i18n/fields";
import { records } from "../../i18n/records";
import { useLanguage, useWords } from "../../i18n/words";
import { plain } from "../../ui/called";
import { Moment } from "../../ui/moment";
import { PersonTag } from "../../ui/person";
import { type Field, principal, type Shown } from "./model";

/** Names that a page read once: of colleagues by id, of parents by object and id. */
export type Names = {
  people: ReadonlyMap<string, string>;
  parents: ReadonlyMap<string, string>;
};

const Known = createContext<Names>({ people: new Map(), parents: new Map() });
export const NamesKnown = Known.Provider;
export const useNames = (): Names => useContext(Known);
export const parentKey = (object: string, id: string): string => `${object}/${id}`;

/** A person by id; imports and the system itself have ids of their own. */
export function Person(props: { id: string }) {
  const { people } = useNames();
  const say = useWords(records);
  if (/^uid:/.test(props.id)) return <span className="quiet">{say("system")}</span>;
  return <PersonTag id={props.id} name={people.get(props.id)} />;
}

export function Principal(props: { of: string }) {
  const say = useWords(records);
  const at = useLanguage() === "en" ? 0 : 1;
  const { kind, id } = principal(props.of);
  if (kind === "internal" || kind === "everyone") return <span>{say(kind)}</span>;
  if (kind === "user") return <Person id={id} />;
  const name = id.replace(/^queue\//, "").replaceAll("_", " ") || kind;
  return <PersonTag id={props.of} name={inOneLanguage(name, at)} />;
}

export function Owners(props: { of: readonly string[]; pool?: string | null | undefined }) {
  const say = useWords(records);
  const { of: owners, pool } = props;
  if (owners.length === 0) {
    return <span className="quiet">{pool ? say("waitsIn", { pool }) : say("noOwner")}</span>;
  }
  return (
    <>
      {owners.map((owner) => (
        <Principal key={owner} of={owner} />
      ))}
    </>
  );
}

export function LockMark() {
  const say = useWords(records);
  return (
    <LockOutlined
      className="quiet"
      role="img"
      aria-label={say("locked")}
      title={say("locked")}
      style={{ marginInlineStart: 6 }}
    />
  );
}

export function RecordLink(props: { object: string; id: string; children: ReactNode }) {
  const navigate = useNavigate();
  const to = `/records/${encodeURIComponent(props.object)}/${encodeURIComponent(props.id)}`;
  // A plain link with one way to follow it: lists have hundreds, and each `Link` would watch the address.
  const follow = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
      return;
    event.preventDefault();
    void navigate({ to: to as string });
  };
  return (
    <a href={to} onClick={follow}>
      {props.children}
    </a>
  );
}

function Masked(props: { text: string }) {
  const say = useWords(records);
  return (
    <Tooltip title={say("masked")}>
      <span className="code">
        <EyeInvisibleOutlined
          className="quiet"
          role="img"
          aria-label={say("masked")}
          style={{ marginInlineEnd: 5 }}
        />
        {props.text}
      </span>
    </Tooltip>
  );
}

const URL_START = /^https?:\/\//;

function textOf(value: unknown, yes: string, no: string): string {
  if (typeof value === "boolean") return value ? yes : no;
  if (typeof value === "number") return value.toLocaleString();
  return plain({ clear: value });
}

/** One value of a record; a dash where there is none. */
export function Value(props: { field: Field; shown: Shown | undefined; parent?: string }) {
  const say = useWords(records);
  const { parents } = useNames();
  const { field, shown, parent } = props;
  if (field.relation && parent) {
    const name = parents.get(parentKey(field.relation, parent));
    return (
      <RecordLink object={field.relation} id={parent}>
        {name ?? <span className="code">{parent}</span>}
      </RecordLink>
    );
  }
  if (shown && "masked" in shown) return <Masked text={shown.masked} />;
  const text = shown ? textOf(shown.clear, say("yes"), say("no")) : "";
  if (text === "") return <span className="quiet">–</span>;
  if (field.type === "date_time") return <Moment at={text} />;
  if (field.type === "number") return <span className="number">{text}</span>;
  if (field.type === "reference" && text.includes("@")) return <Person id={text} />;
  if (URL_START.test(text)) {
    return (
      <a href={text} target="_blank" rel="noreferrer noopener">
        {text.replace(URL_START, "")}
      </a>
    );
  }
  return <>{text}</>;
}
