/** Fields against sets for one object at a time, with the properties of each field and the default for new ones. */
import { SettingOutlined } from "@ant-design/icons";
import { App } from "antd";
import { type KeyboardEvent, useMemo, useState } from "react";
import { access } from "../../../i18n/access";
import { masks as words } from "../../../i18n/masks";
import { useWords } from "../../../i18n/words";
import { useMay } from "../../../session";
import { useAddress } from "../../../ui/address";
import { PageHeader } from "../../../ui/page";
import { Answered, Empty } from "../../../ui/state";
import { useDraft } from "../drafting";
import type { Model } from "../grid/body";
import { useChoices } from "../grid/fill";
import { blockOf, cellsOf, countOf, FIRST, pasted, type Selection } from "../grid/range";
import { Sheet } from "../grid/sheet";
import { fromTsv, toTsv } from "../levels";
import { Pending } from "../pending";
import { useSourced } from "../source";
import { useLevels } from "../words";
import { nameOf, useFieldName, useObjectName, useWorld, type World } from "../world";
import { FieldDrawer } from "./drawer";
import {
  type Act,
  acted,
  fieldOf,
  fieldsOf,
  laid,
  type Only,
  setsOf,
  valueAt,
  viewOf,
} from "./rows";
import { Tools } from "./tools";

export default function Fields() {
  const say = useWords(words);
  const world = useWorld();
  const sourced = useSourced(world.data?.policy);
  return (
    <>
      <PageHeader title={sourced(say("title"), "fields")} about={say("about")} />
      <Answered of={world}>{(data) => <Editor world={data} />}</Answered>
    </>
  );
}

const WORDS: Readonly<Record<string, string>> = { 0: "hidden", 1: "masked", 2: "read", 3: "edit" };

/** What a key means for the selected cells. */
function meant({ key, ctrlKey, metaKey }: KeyboardEvent): Act | undefined {
  if (ctrlKey || metaKey) return undefined;
  if (key === " ") return { step: true };
  if (key === "Delete" || key === "Backspace") return { clear: true };
  const word = WORDS[key];
  return word ? { word } : undefined;
}

function Editor(props: { world: World }) {
  const { world } = props;
  const { policy } = world;
  const say = useWords(words);
  const sayAccess = useWords(access);
  const levels = useLevels();
  const objectName = useObjectName(policy);
  const fieldName = useFieldName();
  const { message } = App.useApp();
  const may = useMay()(["guan.manage_sets"]);
  const [search, go] = useAddress();
  const draft = useDraft("fields", policy);
  const [selection, select] = useState<Selection>(FIRST);
  const choicesOf = useChoices();
  const ids = Object.keys(policy.objects);
  const object = search.object && ids.includes(search.object) ? search.object : (ids[0] ?? "");
  const only = (search.show ?? "all") as Only;
  const which = search.sets === "all" ? "all" : "giving";
  const { edits } = draft;
  const sets = useMemo(() => setsOf(policy, object, which), [policy, object, which]);
  const grid = useMemo(() => {
    const of = { policy, edits, object, sets };
    return { ...of, fields: fieldsOf(of, search.q ?? "", only) };
  }, [policy, edits, object, sets, search.q, only]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `go` and `say` follow the address and the language
  const model = useMemo<Model>(
    () => ({
      rows: grid.fields.length,
      columns: sets.map((set) => ({ key: set, title: nameOf(set, policy.sets[set]) })),
      rowKey: (at) => grid.fields[at] ?? String(at),
      head: (at) => {
        const id = grid.fields[at];
        if (id === undefined) return null;
        const field = fieldOf(grid, id);
        return (
          <>
            <span className="cut" title={id}>
              {fieldName(id, field)}
            </span>
            {field.class && <span className="sort">{say(field.class)}</span>}
            {field.mask && (
              <span className="sort code">
                {typeof field.mask === "string" ? field.mask : "a***z"}
              </span>
            )}
            <button
              type="button"
              className="fold count"
              tabIndex={-1}
              aria-label={say("detailsOf", { field: fieldName(id, field) })}
              onClick={() => go({ field: id })}
            >
              <SettingOutlined aria-hidden />
            </button>
          </>
        );
      },
      cell: (at, column) => viewOf(grid, levels, at, column),
    }),
    [grid, sets, levels, policy, fieldName],
  );
  if (ids.length === 0) return <Empty title={say("noObjects")}>{say("noObjectsWhy")}</Empty>;
  const block = blockOf(selection);
  const run = (act: Act) => {
    const changes = acted(grid, levels, cellsOf(block), act);
    if (changes.length > 0) draft.change(changes);
  };
  const onKey = (event: KeyboardEvent): boolean => {
    const key = event.key.toLowerCase();
    if ((event.ctrlKey || event.metaKey) && (key === "z" || key === "y")) {
      if (key === "z" && !event.shiftKey) draft.undo();
      else draft.redo();
      return true;
    }
    const act = meant(event);
    if (act) run(act);
    return act !== undefined;
  };
  const onPaste = (text: string) => {
    const size = { rows: grid.fields.length, columns: sets.length };
    const { changes, left } = laid(grid, levels, pasted(selection, fromTsv(text), size));
    if (changes.length > 0) draft.change(changes);
    if (changes.length === 0) void message.warning(sayAccess("pasteNothing"));
    else if (left > 0) void message.warning(sayAccess("pasteSome", { n: left }));
  };
  const onCopy = () =>
    toTsv(
      grid.fields
        .slice(block.top, block.bottom + 1)
        .map((id) => sets.slice(block.left, block.right + 1).map((set) => valueAt(grid, id, set))),
    );
  return (
    <>
      <div className="sheet filled">
        <Tools
          policy={policy}
          object={object}
          draft={draft}
          only={only}
          which={which}
          field={grid.fields[selection.focus.row]}
          count={countOf(block)}
          onObject={(next) => {
            select(FIRST);
            go({ object: next, field: undefined });
          }}
          onFill={may ? (word) => run({ word }) : undefined}
        />
        {grid.fields.length === 0 ? (
          <Empty title={say("nothing")}>{say("nothingWhy")}</Empty>
        ) : (
          <Sheet
            name="fields"
            className="shorter"
            label={say("gridLabel", { object: objectName(object) })}
            model={model}
            selection={selection}
            onSelect={select}
            onCopy={onCopy}
            corner={say("field")}
            columnWidth={128}
            headWidth={270}
            {...(may && {
              onKey,
              onPaste,
              onChoose: (word: string) => run({ word }),
              menu: () => choicesOf("access"),
            })}
          />
        )}
      </div>
      <Pending world={world} draft={draft} />
      {search.field && (
        <FieldDrawer
          key={search.field}
          policy={policy}
          draft={draft}
          object={object}
          field={search.field}
          onClose={() => go({ field: undefined })}
        />
      )}
    </>
  );
}
