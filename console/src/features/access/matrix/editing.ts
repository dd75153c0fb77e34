/** What the keys, the menus and the clipboard do in a matrix. */
import { App } from "antd";
import type { KeyboardEvent } from "react";
import { access } from "../../../i18n/access";
import { useWords } from "../../../i18n/words";
import type { Draft } from "../drafting";
import { TURN } from "../grid/fill";
import { blockOf, cellsOf, pasted, type Selection } from "../grid/range";
import { fromTsv, SCOPES, toTsv } from "../levels";
import type { Levels } from "../words";
import { type Act, acted, type Grid, laid } from "./cells";
import { kindOf } from "./rows";

const isClear = (key: string) => key === "Delete" || key === "Backspace";

/** What a key means for the selected cells. */
export function meant(event: { key: string; ctrlKey: boolean; metaKey: boolean }): Act | undefined {
  if (event.ctrlKey || event.metaKey) return undefined;
  if (event.key === " ") return { step: true };
  if (isClear(event.key)) return { clear: true };
  if (event.key === "u") return { turn: true };
  const scope = /^[0-4]$/.test(event.key) ? SCOPES[Number(event.key)] : undefined;
  return scope ? { word: scope } : undefined;
}

export function useEditing(props: {
  grid: Grid;
  draft: Draft;
  levels: Levels;
  selection: Selection;
  fold: (object: string, open: boolean) => void;
}) {
  const { grid, draft, levels, selection } = props;
  const say = useWords(access);
  const { message } = App.useApp();
  const run = (act: Act) => {
    const changes = acted(grid, levels, cellsOf(blockOf(selection)), act);
    if (changes.length > 0) draft.change(changes);
  };
  const history = (event: KeyboardEvent): boolean => {
    if (!(event.ctrlKey || event.metaKey)) return false;
    const key = event.key.toLowerCase();
    if (key === "z" && !event.shiftKey) draft.undo();
    else if (key === "y" || key === "z") draft.redo();
    else return false;
    return true;
  };
  const fold = (event: KeyboardEvent): boolean => {
    const row = grid.rows[selection.focus.row];
    if (!row || !["+", "=", "-"].includes(event.key)) return false;
    props.fold(row.object, event.key !== "-");
    return true;
  };
  return {
    choose: (value: string) => run(value === TURN ? { turn: true } : { word: value }),
    onKey: (event: KeyboardEvent): boolean => {
      if (history(event) || fold(event)) return true;
      const act = meant(event);
      if (act) run(act);
      return act !== undefined;
    },
    onCopy: (): string => copied(grid, selection),
    onPaste: (text: string) => {
      const size = { rows: grid.rows.length, columns: grid.columns.length };
      const { changes, left } = laid(grid, levels, pasted(selection, fromTsv(text), size));
      if (changes.length > 0) draft.change(changes);
      if (changes.length === 0) void message.warning(say("pasteNothing"));
      else if (left > 0) void message.warning(say("pasteSome", { n: left }));
    },
  };
}

/** The selected block as a spreadsheet takes it, by the names that the server uses. */
export function copied(grid: Grid, selection: Selection): string {
  const { top, bottom, left, right } = blockOf(selection);
  const columns = grid.columns.slice(left, right + 1);
  return toTsv(
    grid.rows
      .slice(top, bottom + 1)
      .map((row) =>
        columns.map((column) =>
          kindOf(row, column) === "off" ? "" : grid.matrix.value(row, column),
        ),
      ),
  );
}
