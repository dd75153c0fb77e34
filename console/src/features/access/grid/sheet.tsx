/** A grid that is edited like a spreadsheet: keys, ranges, copy and paste. What a value means is its owner's matter. */
import { Dropdown, type MenuProps } from "antd";
import {
  type ClipboardEvent,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  useEffect,
  useRef,
  useState,
} from "react";
import { Body, cellId, HEADS, type Model, ROW } from "./body";
import {
  type At,
  blockOf,
  everything,
  fitting,
  moved,
  type Selection,
  type Size,
  wholeColumn,
  wholeRow,
} from "./range";

export type SheetProps = {
  /** For ids, unique on the page. */
  name: string;
  label: string;
  model: Model;
  selection: Selection;
  onSelect: (selection: Selection) => void;
  /** A key that does not move; `true` when something was done. */
  onKey?: (event: KeyboardEvent, selection: Selection) => boolean;
  onCopy: (selection: Selection) => string;
  onPaste?: (text: string, selection: Selection) => void;
  /** What can be chosen for the cell with the focus; absent where nothing is edited. */
  menu?: (at: At) => NonNullable<MenuProps["items"]>;
  onChoose?: (value: string) => void;
  /** A double click, or Enter where nothing is edited. */
  onOpen?: (at: At) => void;
  corner?: ReactNode;
  columnWidth?: number;
  headWidth?: number;
  className?: string;
};

function placeOf(target: EventTarget): Partial<At> & { head?: number } {
  const element = target as HTMLElement;
  const number = (name: string) => {
    const text = element.closest(`[data-${name}]`)?.getAttribute(`data-${name}`);
    return text == null ? undefined : Number(text);
  };
  const [row, column, head] = [number("row"), number("column"), number("head")];
  return {
    ...(row === undefined ? {} : { row }),
    ...(column === undefined ? {} : { column }),
    ...(head === undefined ? {} : { head }),
  };
}

/** What a press of the mouse selects: a cell, a whole row by its head, or a whole column. */
function pressed(event: MouseEvent, now: Selection, size: Size): Selection | undefined {
  const { row, column, head } = placeOf(event.target);
  if (head !== undefined) return wholeColumn(head, size);
  if (row === undefined) return undefined;
  if (column === undefined) return wholeRow(row, size);
  const focus = { row, column };
  return { anchor: event.shiftKey ? now.anchor : focus, focus };
}

export function Sheet(props: SheetProps) {
  const { name, model, onSelect, columnWidth = 112, headWidth = 300 } = props;
  const box = useRef<HTMLDivElement>(null);
  const [picking, setPicking] = useState(false);
  const size = { rows: model.rows, columns: model.columns.length };
  const selection = fitting(props.selection, size);
  const { focus } = selection;
  const block = blockOf(selection);
  const id = cellId(name, focus.row, focus.column);

  // The cell with the focus is marked beside React, so that no cell is drawn anew for it.
  useEffect(() => {
    const cell = document.getElementById(id);
    cell?.setAttribute("aria-selected", "true");
    return () => cell?.removeAttribute("aria-selected");
  }, [id]);

  const reveal = ({ row, column }: At) => {
    const view = box.current;
    if (!view) return;
    const top = row * ROW;
    const left = column * columnWidth;
    const [height, width] = [view.clientHeight - HEADS, view.clientWidth - headWidth];
    if (top < view.scrollTop) view.scrollTop = top;
    else if (top + ROW > view.scrollTop + height) view.scrollTop = top + ROW - height;
    if (left < view.scrollLeft) view.scrollLeft = left;
    else if (left + columnWidth > view.scrollLeft + width) {
      view.scrollLeft = left + columnWidth - width;
    }
  };
  const select = (next: Selection) => {
    setPicking(false);
    onSelect(next);
  };
  const act = () => {
    if (props.menu && props.menu(focus).length > 0) setPicking(true);
    else props.onOpen?.(focus);
  };
  const done = (event: KeyboardEvent): boolean => {
    if (event.key === "Enter" || event.key === "F2") {
      act();
      return true;
    }
    if (event.key === "a" && (event.ctrlKey || event.metaKey)) {
      select(everything(size));
      return true;
    }
    return props.onKey?.(event, selection) ?? false;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // Keys in the menu of choices belong to the menu.
    if (event.target !== box.current || size.rows === 0) return;
    const next = event.altKey ? undefined : moved(selection, event, size);
    if (next) {
      select(next);
      reveal(next.focus);
    }
    if (next || done(event)) event.preventDefault();
  };
  const onMouseDown = (event: MouseEvent) => {
    if ((event.target as HTMLElement).closest("button, a, [role='menu']")) return;
    const next = pressed(event, selection, size);
    if (next) select(next);
  };
  const onMouseMove = (event: MouseEvent) => {
    if (event.buttons !== 1 || picking) return;
    const { row, column } = placeOf(event.target);
    if (row === undefined || column === undefined) return;
    if (row !== focus.row || column !== focus.column) {
      onSelect({ anchor: selection.anchor, focus: { row, column } });
    }
  };
  const onPaste = (event: ClipboardEvent) => {
    if (!props.onPaste) return;
    event.preventDefault();
    props.onPaste(event.clipboardData.getData("text/plain"), selection);
  };
  const onCopy = (event: ClipboardEvent) => {
    event.preventDefault();
    event.clipboardData.setData("text/plain", props.onCopy(selection));
  };
  const close = (open: boolean) => {
    setPicking(open);
    if (!open) box.current?.focus();
  };

  const area = {
    top: HEADS + block.top * ROW,
    left: headWidth + block.left * columnWidth,
    height: (block.bottom - block.top + 1) * ROW,
    width: (block.right - block.left + 1) * columnWidth,
  };
  const spot = {
    top: HEADS + focus.row * ROW,
    left: headWidth + focus.column * columnWidth,
    height: ROW,
    width: columnWidth,
  };
  return (
    <div
      ref={box}
      className={`grid sheet edits ${props.className ?? ""}`}
      role="grid"
      tabIndex={0}
      aria-label={props.label}
      aria-rowcount={model.rows + 1}
      aria-colcount={size.columns + 1}
      aria-multiselectable
      aria-activedescendant={id}
      onKeyDown={onKeyDown}
      onMouseDown={onMouseDown}
      onMouseMove={onMouseMove}
      onDoubleClick={(event) => placeOf(event.target).column !== undefined && act()}
      onCopy={onCopy}
      onPaste={onPaste}
    >
      <Body
        grid={name}
        box={box}
        model={model}
        columnWidth={columnWidth}
        headWidth={headWidth}
        corner={props.corner}
      />
      {size.rows > 0 && <div aria-hidden className="selected" style={area} />}
      {size.rows > 0 && (
        <Dropdown
          open={picking}
          autoFocus
          trigger={["click"]}
          onOpenChange={close}
          menu={{
            items: picking ? (props.menu?.(focus) ?? []) : [],
            onClick: ({ key }) => {
              close(false);
              props.onChoose?.(key);
            },
          }}
        >
          <div aria-hidden className="focused" style={spot} />
        </Dropdown>
      )}
    </div>
  );
}
