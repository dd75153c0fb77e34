/** The lists of rules, restrictions and roll-ups. */
import { Button, Table, type TableColumnsType, Tag } from "antd";
import type { ReactNode } from "react";
import { sharing as words } from "../../../i18n/sharing";
import { useWords } from "../../../i18n/words";
import { useLook } from "../../../look";
import { underTop, WholeFoot } from "../../../ui/list";
import { Empty } from "../../../ui/state";
import type { Draft } from "../drafting";
import { usePrincipalName } from "../people";
import { nameOf, type Policy, useObjectName } from "../world";
import { type EntityKind, type Row, rowsOf, type State } from "./entities";

const NAMES_MAX = 4;
/** Why a list is no longer than it is. */
const FEW = { rule: "rulesFew", restriction: "restrictionsFew", roll_up: "rollUpsFew" } as const;

type ListProps = {
  policy: Policy;
  draft: Draft;
  search: string;
  onOpen: (id: string) => void;
};

function Mark(props: { state: State; active: boolean }) {
  const say = useWords(words);
  const { state, active } = props;
  return (
    <span className="tags">
      {state === "new" && <Tag className="good">{say("isNew")}</Tag>}
      {state === "changed" && <Tag className="good">{say("isChanged")}</Tag>}
      {state === "removed" && <Tag className="bad">{say("isRemoved")}</Tag>}
      <span>
        <span className={active ? "dot" : "dot off"} aria-hidden />
        {say(active ? "active" : "inactive")}
      </span>
    </span>
  );
}

function Listed<K extends EntityKind>(props: {
  of: ListProps;
  kind: K;
  about: (row: Row<K>) => string;
  columns: TableColumnsType<Row<K>>;
  label: (row: Row<K>) => ReactNode;
}) {
  const { policy, draft, search, onOpen } = props.of;
  const say = useWords(words);
  const { density } = useLook();
  const all = rowsOf(policy, draft.edits, props.kind);
  const sought = search.trim().toLowerCase();
  const rows = all.filter((row) => `${row.id} ${props.about(row)}`.toLowerCase().includes(sought));
  return (
    <>
      <Table<Row<K>>
        rowKey="id"
        size={density === "compact" ? "small" : "middle"}
        pagination={false}
        sticky={underTop}
        scroll={{ x: 900 }}
        dataSource={rows}
        locale={{ emptyText: <Empty title={say("nothing")}>{say("rulesNone")}</Empty> }}
        columns={[
          {
            key: "name",
            title: say("name"),
            width: 280,
            fixed: "start",
            render: (_, row) => (
              <Button type="link" className="plain wraps" onClick={() => onOpen(row.id)}>
                {props.label(row)}
              </Button>
            ),
          },
          ...props.columns,
        ]}
      />
      <WholeFoot shown={rows.length} all={all.length} why={say(FEW[props.kind as "rule"])} />
    </>
  );
}

function useNames(policy: Policy) {
  const name = usePrincipalName(policy);
  return (all: readonly string[]) =>
    all.slice(0, NAMES_MAX).map(name).join(", ") + (all.length > NAMES_MAX ? " …" : "");
}

/** What rules and restrictions show alike: their name, their object, and whether they act. */
function useOfObject(policy: Policy, width: number) {
  const say = useWords(words);
  const objectName = useObjectName(policy);
  type Of = Row<"rule"> | Row<"restriction">;
  const object = {
    key: "object",
    title: say("object"),
    width,
    render: (_: unknown, { content }: Of) => objectName(content.object),
  };
  const state = {
    key: "state",
    title: say("state"),
    width: 120,
    render: (_: unknown, { content, state: is }: Of) => (
      <Mark state={is} active={content.active ?? true} />
    ),
  };
  return {
    label: ({ id, content }: Of) => nameOf(id, content),
    about: ({ content }: Of) =>
      `${content.name ?? ""} ${content.object} ${objectName(content.object)}`,
    object,
    state,
  };
}

export function Rules(props: ListProps) {
  const { policy } = props;
  const say = useWords(words);
  const names = useNames(policy);
  const { label, about, object, state } = useOfObject(policy, 120);
  const coverage = ({ content }: Row<"rule">) => (
    <>
      {content.owned_by && content.owned_by.length > 0 && (
        <div>
          {say("ownedBy")}: {names(content.owned_by)}
        </div>
      )}
      {content.when && <div className="code">{content.when}</div>}
      {!content.when && !content.owned_by?.length && say("everyRecord")}
    </>
  );
  return (
    <Listed
      of={props}
      kind="rule"
      label={label}
      about={about}
      columns={[
        object,
        { key: "covers", title: say("covers"), render: (_, row) => coverage(row) },
        {
          key: "to",
          title: say("to"),
          width: 190,
          render: (_, { content }) => names(content.to),
        },
        {
          key: "rights",
          title: say("rights"),
          width: 100,
          render: (_, { content }) => <RightsName rights={content.rights} />,
        },
        state,
      ]}
    />
  );
}

function RightsName(props: { rights: string }) {
  const say = useWords(words);
  const known: Readonly<Record<string, string>> = {
    none: say("rightNone"),
    read: say("rightRead"),
    edit: say("rightEdit"),
    full: say("rightFull"),
  };
  return <>{known[props.rights] ?? props.rights}</>;
}

export function Restrictions(props: ListProps) {
  const { policy } = props;
  const say = useWords(words);
  const names = useNames(policy);
  const { label, about, object, state } = useOfObject(policy, 160);
  return (
    <Listed
      of={props}
      kind="restriction"
      label={label}
      about={about}
      columns={[
        object,
        {
          key: "who",
          title: say("who"),
          render: (_, { content }) => (
            <>
              {content.who && content.who.length > 0
                ? names(content.who)
                : !content.whose && say("everybody")}
              {content.whose && <div className="code">{content.whose}</div>}
            </>
          ),
        },
        {
          key: "only",
          title: say("only"),
          render: (_, { content }) => <span className="code">{content.only}</span>,
        },
        state,
      ]}
    />
  );
}

export function RollUps(props: ListProps) {
  const { policy } = props;
  const say = useWords(words);
  return (
    <Listed
      of={props}
      kind="roll_up"
      label={({ id }) => id}
      about={({ content }) => content.tree}
      columns={[
        {
          key: "tree",
          title: say("tree"),
          render: (_, { content }) => nameOf(content.tree, policy.trees[content.tree]),
        },
        {
          key: "who",
          title: say("gains"),
          render: (_, { content }) => say(content.who ?? "placed"),
        },
        {
          key: "span",
          title: say("span"),
          render: (_, { content }) => say(content.span ?? "below"),
        },
        {
          key: "covers",
          title: say("carries"),
          render: (_, { content }) => content.covers.map((one) => say(one)).join(" · "),
        },
        {
          key: "rights",
          title: say("rightsByDistance"),
          render: (_, { content }) =>
            content.rights.map((rights) => <RightsName key={rights} rights={rights} />),
        },
      ]}
    />
  );
}
