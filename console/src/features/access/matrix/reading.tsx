/** A matrix to read: what a user has of all sets together, or what a group of sets gives, as the server says. */
import { Segmented } from "antd";
import { useMemo, useState } from "react";
import { access } from "../../../i18n/access";
import { matrix as words } from "../../../i18n/matrix";
import { useWords } from "../../../i18n/words";
import { useAddress, usePart } from "../../../ui/address";
import { SearchBox } from "../../../ui/list";
import { PageHeader } from "../../../ui/page";
import { Answered, Empty } from "../../../ui/state";
import type { Model } from "../grid/body";
import { FIRST, type Selection } from "../grid/range";
import { Sheet } from "../grid/sheet";
import { useLevels } from "../words";
import { nameOf, useObjectName, useWorld, type World } from "../world";
import { viewOf } from "./cells";
import { copied } from "./editing";
import { tableOf, useCells } from "./effective";
import { RowHead } from "./heads";
import { ANY, columnsOf, kindOf, type Matrix, type Only, rowsOf } from "./rows";

export default function Reading() {
  const user = usePart("user");
  const group = usePart("group");
  const world = useWorld();
  const of = user ? { subject: user } : { of: `set_group:${group}` };
  return (
    <Answered of={world}>
      {(data) => <Shown key={user + group} of={of} id={user || group} world={data} />}
    </Answered>
  );
}

const WHOLE = ["view_all", "modify_all", "all_fields"];

function Shown(props: { of: { subject: string } | { of: string }; id: string; world: World }) {
  const { policy, revision } = props.world;
  const say = useWords(words);
  const isUser = "subject" in props.of;
  const name = nameOf(props.id, isUser ? policy.users[props.id] : policy.set_groups[props.id]);
  const cells = useCells(props.of, revision.number);
  const title = isUser ? say("ofUser", { name }) : say("title", { name });
  return (
    <>
      <PageHeader title={title} about={isUser ? say("aboutUser") : say("about")} />
      <Answered of={cells}>
        {(data) => <Grid world={props.world} title={title} cells={data.cells} />}
      </Answered>
    </>
  );
}

function Grid(props: { world: World; title: string; cells: Parameters<typeof tableOf>[0] }) {
  const { policy } = props.world;
  const say = useWords(words);
  const sayAccess = useWords(access);
  const levels = useLevels();
  const objectName = useObjectName(policy);
  const [search, go] = useAddress();
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const [selection, select] = useState<Selection>(FIRST);
  const only = (search.show ?? "all") as Only;
  // What belongs to a single set — "view all", "all fields" — shows in the actions and fields themselves here.
  const columns = useMemo(
    () => ["all_fields", ...columnsOf(policy).filter((column) => !WHOLE.includes(column))],
    [policy],
  );
  const matrix = useMemo<Matrix>(() => {
    const table = tableOf(props.cells);
    return {
      value: (row, column) => table(row, column) ?? (kindOf(row, column) === "scope" ? "none" : ""),
      isChanged: () => false,
      stated: () => undefined,
    };
  }, [props.cells]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a name is in the language, which makes `levels` anew
  const rows = useMemo(
    () =>
      rowsOf(policy, matrix, {
        search: search.q ?? "",
        only,
        opened,
        objectName,
        saved: matrix,
      }).filter(({ object }) => object !== ANY),
    [policy, matrix, search.q, only, opened, levels],
  );
  const toggle = (object: string, open = !opened.has(object)) => {
    const next = new Set(opened);
    if (open) next.add(object);
    else next.delete(object);
    setOpened(next);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: as above; `toggle` changes with `opened`
  const model = useMemo<Model>(
    () => ({
      rows: rows.length,
      columns: columns.map((key) => ({ key, title: levels.action(key) })),
      rowKey: (at) => `${rows[at]?.object}\u0001${rows[at]?.field ?? ""}`,
      head: (at) =>
        rows[at] && (
          <RowHead
            policy={policy}
            row={rows[at]}
            objectName={objectName}
            opened={rows[at + 1]?.field !== undefined}
            onToggle={toggle}
          />
        ),
      cell: (at, column) => {
        const [row, key] = [rows[at], columns[column]];
        if (!row || !key || (key === "all_fields" && row.field === undefined)) return undefined;
        return viewOf(levels, matrix, () => undefined, row, key);
      },
    }),
    [rows, columns, levels, matrix, policy, opened],
  );
  const grid = { set: "", matrix, rows, columns };
  return (
    <div className="sheet filled">
      <div className="tools">
        <SearchBox placeholder={sayAccess("searchCell")} width={220} />
        <Segmented
          aria-label={say("show")}
          value={only}
          options={[
            { value: "all", label: say("showAll") },
            { value: "granted", label: say("granted") },
            { value: "risky", label: say("riskyOnly") },
          ]}
          onChange={(show) => go({ show: show === "all" ? undefined : show }, "replace")}
        />
      </div>
      {rows.length === 0 ? (
        <Empty title={say("nothing")}>{say("nothingWhy")}</Empty>
      ) : (
        <Sheet
          name="reading"
          label={props.title}
          model={model}
          selection={selection}
          onSelect={select}
          onCopy={(selected) => copied(grid, selected)}
          onKey={(event, { focus }) => {
            const row = rows[focus.row];
            if (!row || !["+", "=", "-"].includes(event.key)) return false;
            toggle(row.object, event.key !== "-");
            return true;
          }}
          corner={say("object")}
          columnWidth={104}
          headWidth={240}
        />
      )}
    </div>
  );
}
