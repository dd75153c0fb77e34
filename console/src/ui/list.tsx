/** What every list has: a search that waits, server paging, columns to choose, a line that says why it is short. */
import { LeftOutlined, RightOutlined, SearchOutlined, SettingOutlined } from "@ant-design/icons";
import { Button, Checkbox, Input, Popover, Select } from "antd";
import { type ReactNode, useEffect, useState } from "react";
import { list } from "../i18n/list";
import { useWords } from "../i18n/words";
import { useAddress } from "./address";
import { ROWS_MAX } from "./directory";

const SIZES = [20, 50, 100, 200];
const PAUSE_MS = 300;

/** For `sticky` of a table: its head stays while the screen is scrolled. */
export const underTop = {
  getContainer: () => document.getElementById("content") ?? document.body,
};

/** The page that the address asks for. Cursors lead only forwards, so the ones passed are kept for the way back. */
export function usePaging() {
  const [search, go] = useAddress();
  const [passed, setPassed] = useState<readonly string[]>([]);
  const limit = SIZES.includes(Number(search.size)) ? Number(search.size) : 50;
  return {
    limit,
    cursor: search.cursor,
    number: passed.length + 1,
    canGoBack: search.cursor !== undefined,
    next: (cursor: string) => {
      setPassed([...passed, search.cursor ?? ""]);
      go({ cursor });
    },
    previous: () => {
      go({ cursor: passed.at(-1) || undefined });
      setPassed(passed.slice(0, -1));
    },
    resize: (size: number) => {
      setPassed([]);
      go({ size: String(size), cursor: undefined }, "replace");
    },
  };
}

/** A search box bound to the address member `q`; asks when the person pauses. */
export function SearchBox(props: { placeholder: string; width?: number }) {
  const [search, go] = useAddress();
  const asked = search.q ?? "";
  const [typed, setTyped] = useState(asked);
  useEffect(() => setTyped(asked), [asked]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only typing starts the wait
  useEffect(() => {
    if (typed === asked) return;
    const wait = setTimeout(
      () => go({ q: typed || undefined, cursor: undefined }, "replace"),
      PAUSE_MS,
    );
    return () => clearTimeout(wait);
  }, [typed]);
  return (
    <Input
      allowClear
      prefix={<SearchOutlined className="quiet" aria-hidden />}
      aria-label={props.placeholder}
      placeholder={props.placeholder}
      style={{ width: props.width ?? 280 }}
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
    />
  );
}

/** Which columns are hidden, remembered for each list in the browser. */
export function useHidden(of: string, first: readonly string[] = []) {
  const kept = `guan.hidden.${of}`;
  const [hidden, setHidden] = useState<readonly string[]>(
    () => localStorage.getItem(kept)?.split(",") ?? first,
  );
  return [
    hidden,
    (next: readonly string[]) => {
      localStorage.setItem(kept, next.join(","));
      setHidden(next);
    },
  ] as const;
}

export function ColumnChoice(props: {
  all: readonly { key: string; title: string }[];
  hidden: readonly string[];
  onChange: (hidden: readonly string[]) => void;
}) {
  const say = useWords(list);
  const keys = props.all.map(({ key }) => key);
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      title={say("columns")}
      content={
        <Checkbox.Group
          style={{ display: "grid", gap: 4 }}
          value={keys.filter((key) => !props.hidden.includes(key))}
          options={props.all.map(({ key, title }) => ({ value: key, label: title }))}
          onChange={(shown) => props.onChange(keys.filter((key) => !shown.includes(key)))}
        />
      }
    >
      <Button icon={<SettingOutlined />}>{say("columns")}</Button>
    </Popover>
  );
}

/** The head of a column of buttons: it is only spoken. */
export function ActsHead() {
  const say = useWords(list);
  return <span className="heard">{say("acts")}</span>;
}

/** The last column of a list: a button that opens the row. */
export const showColumn = (label: string, open: (id: string) => void) => ({
  key: "show",
  title: <ActsHead />,
  width: 80,
  render: (_: unknown, { id }: { id: string }) => (
    <Button size="small" aria-label={`${label} ${id}`} onClick={() => open(id)}>
      {label}
    </Button>
  ),
});

/** What limits a list, when asked; it stands only under a list that something limits. */
export function WhyFew(props: { children: ReactNode }) {
  const say = useWords(list);
  return (
    <Popover trigger={["click"]} content={<div style={{ maxWidth: 320 }}>{props.children}</div>}>
      <Button type="link" size="small">
        {say("whyFew")}
      </Button>
    </Popover>
  );
}

/** The foot of a list that is read at once: how many of how many are shown, and, of fewer, what limits them. */
export function WholeFoot(props: {
  shown: number;
  /** As many there are, before search and filters. */
  all: number;
  /** Whether more than search and filters keeps something from this person. */
  scoped?: boolean;
  /** What limits the list, in a sentence or two. */
  why: ReactNode;
  children?: ReactNode;
}) {
  const say = useWords(list);
  const { shown, all } = props;
  return (
    <div className="foot">
      <span className="number">{say("shownOf", { n: shown, all })}</span>
      {(shown < all || all >= ROWS_MAX || props.scoped) && (
        <WhyFew>
          <p style={{ margin: 0 }}>{props.why}</p>
          {shown < all && <p style={{ margin: "8px 0 0" }}>{say("leftOut", { n: all - shown })}</p>}
          {all >= ROWS_MAX && (
            <p style={{ margin: "8px 0 0" }}>{say("readMost", { n: ROWS_MAX })}</p>
          )}
        </WhyFew>
      )}
      {props.children && <span className="rest">{props.children}</span>}
    </div>
  );
}

/** The foot: how many are shown, what limits them, and the way to the other pages. */
export function ListFoot(props: {
  /** Absent while it is being asked. */
  shown: number | undefined;
  next: string | undefined;
  paging: ReturnType<typeof usePaging>;
  /** What limits the list, in a sentence or two; absent where nothing does. */
  why?: ReactNode;
}) {
  const say = useWords(list);
  const { paging, next } = props;
  return (
    <div className="foot">
      <span className="number">
        {props.shown === undefined ? "…" : say("shown", { n: props.shown })}
      </span>
      {props.why && <WhyFew>{props.why}</WhyFew>}
      <span className="rest">
        <Select
          size="small"
          value={paging.limit}
          aria-label={say("rows", { n: paging.limit })}
          options={SIZES.map((n) => ({ value: n, label: say("rows", { n }) }))}
          onChange={paging.resize}
        />
        <Button
          size="small"
          icon={<LeftOutlined />}
          aria-label={say("previous")}
          disabled={!paging.canGoBack}
          onClick={paging.previous}
        />
        <span className="number">{say("page", { n: paging.number })}</span>
        <Button
          size="small"
          icon={<RightOutlined />}
          aria-label={say("next")}
          disabled={next === undefined}
          onClick={() => next !== undefined && paging.next(next)}
        />
      </span>
    </div>
  );
}
