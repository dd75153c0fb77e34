/** A tree as an organization chart: what is open is drawn, the rest is folded; arrows move, + and − open and fold. */
import { MinusOutlined, PlusOutlined } from "@ant-design/icons";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { departments } from "../../i18n/departments";
import { useWords } from "../../i18n/words";
import { useNames } from "../../ui/directory";
import {
  BOX,
  type Box,
  CHILDREN_STEP,
  doneBy,
  firstOpen,
  laidOut,
  neighbour,
  type Open,
} from "./layout";
import { type Branch, within } from "./tree";

/** As many boxes are open at first. */
const BOXES_FIRST = 60;

export function OrganizationChart(props: {
  branches: readonly Branch[];
  chosen: string | undefined;
  onChoose: (key: string) => void;
}) {
  const say = useWords(departments);
  const { branches, chosen, onChoose } = props;
  const [open, setOpen] = useState<Open>(() => firstOpen(branches, BOXES_FIRST, chosen));
  const laid = useMemo(() => laidOut(branches, open), [branches, open]);
  const [focus, setFocus] = useState<string | undefined>(chosen);
  const moved = useRef(false);
  const box = useRef<HTMLDivElement>(null);
  const current = laid.boxes.some(({ key }) => key === focus) ? focus : laid.boxes[0]?.key;
  // What is drawn first is brought into sight.
  useEffect(() => {
    const first = box.current?.querySelector<HTMLElement>('[tabindex="0"]');
    first?.scrollIntoView({ block: "nearest", inline: "center" });
  }, []);
  useEffect(() => {
    if (!moved.current || current === undefined) return;
    moved.current = false;
    box.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
  }, [current]);
  const show = (key: string, n: number) => setOpen(new Map(open).set(key, n));
  const toggle = ({ branch }: Box) => {
    if (!branch || branch.children.length === 0) return;
    show(branch.key, (open.get(branch.key) ?? 0) > 0 ? 0 : CHILDREN_STEP);
  };
  const act = (one: Box) => {
    if (one.branch) onChoose(one.key);
    else if (one.parent) show(one.parent, (open.get(one.parent) ?? 0) + CHILDREN_STEP);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const one = laid.boxes.find(({ key }) => key === current);
    if (!one) return;
    const done = doneBy(event.key, one, (open.get(one.key) ?? 0) > 0);
    const next = done ? undefined : neighbour(laid.boxes, one.key, event.key);
    if (!done && next === undefined) return;
    event.preventDefault();
    if (done === "act") act(one);
    if (done === "toggle") toggle(one);
    if (next !== undefined) {
      moved.current = true;
      setFocus(next);
    }
  };
  return (
    <div className="chart-box">
      <div
        ref={box}
        role="tree"
        aria-label={say("chart")}
        className="org"
        style={{ width: laid.width + 2, height: laid.height + 2 }}
        onKeyDown={onKeyDown}
      >
        <svg width={laid.width + 2} height={laid.height + 2} aria-hidden="true">
          {laid.lines.map(({ key, points }) => (
            <polyline key={key} points={points.map((point) => point.join(",")).join(" ")} />
          ))}
        </svg>
        {laid.boxes.map((one) => (
          <OneBox
            key={one.key}
            of={one}
            isOpen={(open.get(one.key) ?? 0) > 0}
            isChosen={one.key === chosen}
            isCurrent={one.key === current}
            onAct={() => {
              setFocus(one.key);
              act(one);
            }}
            onToggle={() => {
              setFocus(one.key);
              toggle(one);
            }}
          />
        ))}
      </div>
    </div>
  );
}

function OneBox(props: {
  of: Box;
  isOpen: boolean;
  isChosen: boolean;
  isCurrent: boolean;
  onAct: () => void;
  onToggle: () => void;
}) {
  const say = useWords(departments);
  const names = useNames();
  const { of, isOpen } = props;
  const { branch } = of;
  const children = branch?.children.length ?? 0;
  const head = branch?.people.find(({ place }) => place.as === "head");
  const many = branch?.people.length ?? 0;
  const under = head ? head.user.content.name || head.user.id : say("boxPeople", { n: many });
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are heard by the whole tree
    <div
      role="treeitem"
      tabIndex={props.isCurrent ? 0 : -1}
      aria-level={of.level}
      aria-posinset={of.place}
      aria-setsize={of.of}
      aria-selected={props.isChosen}
      {...(children > 0 && { "aria-expanded": isOpen })}
      className={`org-box${props.isChosen ? " chosen" : ""}${branch ? "" : " more"}`}
      style={{ left: of.x, top: of.y, width: BOX.width, height: BOX.height }}
      onClick={props.onAct}
    >
      {branch ? (
        <>
          <span className="cut" title={branch.key}>
            {names.node(branch.key)}
          </span>
          <span className="cut quiet">{under}</span>
        </>
      ) : (
        <span>{say("boxMore", { n: of.more ?? 0 })}</span>
      )}
      {children > 0 && branch && (
        // biome-ignore lint/a11y/noStaticElementInteractions: the pointer's way to what + and - do
        // biome-ignore lint/a11y/useKeyWithClickEvents: + and - do it
        <span
          className="org-fold number"
          title={say(isOpen ? "boxFold" : "boxOpen")}
          onClick={(event) => {
            event.stopPropagation();
            props.onToggle();
          }}
        >
          {isOpen ? <MinusOutlined aria-hidden /> : <PlusOutlined aria-hidden />}
          {!isOpen && ` ${within(branch).length - 1}`}
        </span>
      )}
    </div>
  );
}
