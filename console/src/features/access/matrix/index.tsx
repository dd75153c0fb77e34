/** The matrix of one set, edited like a spreadsheet; nothing counts before it is saved as a revision. */
import { Alert, Button } from "antd";
import { useMemo, useState } from "react";
import { access } from "../../../i18n/access";
import { matrix as words } from "../../../i18n/matrix";
import { useWords } from "../../../i18n/words";
import { useMay } from "../../../session";
import { useAddress, usePart } from "../../../ui/address";
import { PageHeader } from "../../../ui/page";
import { Answered, Empty } from "../../../ui/state";
import { read } from "../draft";
import { useDraft } from "../drafting";
import type { Model } from "../grid/body";
import { useChoices } from "../grid/fill";
import { blockOf, cellsOf, countOf, FIRST, type Selection } from "../grid/range";
import { Sheet } from "../grid/sheet";
import { holders, countOf as holdersCount } from "../holders";
import type { CellKind } from "../levels";
import { Pending } from "../pending";
import { useLevels } from "../words";
import { nameOf, useObjectName, useWorld, type World } from "../world";
import { viewOf } from "./cells";
import { useEditing } from "./editing";
import { useEffective } from "./effective";
import { RowHead } from "./heads";
import { columnsOf, kindOf, type MatrixRow, matrixOf, type Only, rowsOf } from "./rows";
import { System } from "./system";
import { Tools } from "./tools";

const KINDS_LOOKED_AT = 400;

export default function Matrix() {
  const set = usePart("set");
  const world = useWorld();
  return <Answered of={world}>{(data) => <Editor key={set} set={set} world={data} />}</Answered>;
}

const rowKey = ({ object, field }: MatrixRow) => `${object}\u0001${field ?? ""}`;

export function toggled(opened: ReadonlySet<string>, object: string, open: boolean) {
  const next = new Set(opened);
  if (open) next.add(object);
  else next.delete(object);
  return next;
}

function Editor(props: { set: string; world: World }) {
  const { set, world } = props;
  const { policy } = world;
  const say = useWords(words);
  const sayAccess = useWords(access);
  const levels = useLevels();
  const objectName = useObjectName(policy);
  const may = useMay()(["guan.manage_sets"]);
  const [search, go] = useAddress();
  const draft = useDraft(`set.${set}`, policy);
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const [selection, select] = useState<Selection>(FIRST);
  const choicesOf = useChoices();
  const effective = useEffective(set, world.revision.number);
  const only = (search.show ?? "all") as Only;
  const columns = useMemo(() => columnsOf(policy), [policy]);
  const matrix = useMemo(() => matrixOf(policy, draft.edits, set), [policy, draft.edits, set]);
  const saved = useMemo(() => matrixOf(policy, new Map(), set), [policy, set]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a name is in the language, which makes `levels` anew
  const rows = useMemo(
    () => rowsOf(policy, matrix, { search: search.q ?? "", only, opened, objectName, saved }),
    [policy, matrix, saved, search.q, only, opened, levels],
  );
  const toggle = (object: string, open = !opened.has(object)) =>
    setOpened(toggled(opened, object, open));
  // biome-ignore lint/correctness/useExhaustiveDependencies: as above; `toggle` changes with `opened`
  const model = useMemo<Model>(
    () => ({
      rows: rows.length,
      columns: columns.map((key) => ({ key, title: levels.action(key) })),
      rowKey: (at) => (rows[at] ? rowKey(rows[at]) : String(at)),
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
        const [row, name] = [rows[at], columns[column]];
        return row && name ? viewOf(levels, matrix, effective, row, name) : undefined;
      },
    }),
    [rows, columns, levels, matrix, effective, policy, opened],
  );
  const grid = { set, matrix, rows, columns };
  const editing = useEditing({ grid, draft, levels, selection, fold: toggle });
  const content = policy.sets[set];
  if (!content) return <Empty title={say("missing")} />;
  const block = blockOf(selection);
  const kinds = kindsOf(block, rows, columns);
  const name = nameOf(set, content);
  const system = read(policy, draft.edits, { kind: "set", id: set, path: ["system"] });
  const held = holdersCount(holders(policy)(`set:${set}`));
  return (
    <>
      <PageHeader
        title={say("title", { name })}
        about={`${sayAccess(content.kind ?? "permission_set")} · ${say("heldBy", { n: held })} ${say("about")}`}
        acts={
          <Button onClick={() => go({ system: "yes" })}>
            {say("systemCount", { n: (system as readonly string[] | undefined)?.length ?? 0 })}
          </Button>
        }
      />
      {content.kind === "muting" && <Alert type="info" showIcon title={say("mutingNote")} />}
      {content.needs_activation && <Alert type="info" showIcon title={say("activationNote")} />}
      <div className="sheet filled">
        <Tools
          name={name}
          only={only}
          grid={grid}
          objectName={objectName}
          allOpened={opened.size > 0}
          onFold={(open) => setOpened(new Set(open ? Object.keys(policy.objects) : []))}
          fill={may ? { count: countOf(block), kinds, onChoose: editing.choose } : undefined}
        />
        {rows.length === 0 ? (
          <Empty title={say("nothing")}>{say("nothingWhy")}</Empty>
        ) : (
          <Sheet
            name="matrix"
            label={say("title", { name })}
            model={model}
            selection={selection}
            onSelect={select}
            onCopy={editing.onCopy}
            corner={say("object")}
            columnWidth={104}
            headWidth={240}
            {...(may && {
              onKey: editing.onKey,
              onPaste: editing.onPaste,
              onChoose: editing.choose,
              menu: ({ row, column }) => {
                const [of, key] = [rows[row], columns[column]];
                return of && key ? choicesOf(kindOf(of, key)) : [];
              },
            })}
          />
        )}
      </div>
      <Pending world={world} draft={draft} />
      {search.system && (
        <System
          policy={policy}
          set={set}
          draft={draft}
          may={may}
          onClose={() => go({ system: undefined })}
        />
      )}
    </>
  );
}

/** What kinds of cells are selected; a large selection is looked at in part. */
function kindsOf(
  block: ReturnType<typeof blockOf>,
  rows: readonly MatrixRow[],
  columns: readonly string[],
): CellKind[] {
  const bottom = Math.min(
    block.bottom,
    block.top + KINDS_LOOKED_AT / (block.right - block.left + 1),
  );
  const kinds = new Set<CellKind>();
  for (const { row, column } of cellsOf({ ...block, bottom })) {
    const [of, key] = [rows[row], columns[column]];
    if (of && key) kinds.add(kindOf(of, key));
  }
  return (["scope", "flag", "access"] as const).filter((kind) => kinds.has(kind));
}
