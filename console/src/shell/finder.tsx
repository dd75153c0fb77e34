/** Quick find: every screen that is open to the person, by its name in either language and by what people call it. */
import { useNavigate } from "@tanstack/react-router";
import { Input, type InputRef, Modal } from "antd";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { shell } from "../i18n/shell";
import { useLanguage, useWords } from "../i18n/words";
import { screens } from "../screens";
import { useMay, useSession } from "../session";
import { ELSEWHERE, findable, meant } from "./hits";
import { useObjectPlaces } from "./rail";

const MOST = 12;

type Hit = { to: string; title: string; other: string };

function useHits(typed: string): readonly Hit[] {
  const at = useLanguage() === "en" ? 0 : 1;
  const may = useMay();
  const objects = useObjectPlaces();
  const inView = useSession().data?.view != null;
  const named = (inView ? [] : screens)
    .filter((screen) => findable.is(screen) && may(screen.needs ?? []))
    .map(findable.of);
  const records = objects.map(({ to, title }) => ({
    to,
    titles: [title, ""] as const,
    also: [to],
    order: ELSEWHERE,
  }));
  return meant(typed, [...named, ...records])
    .slice(0, MOST)
    .map(({ to, titles }) => {
      const title = titles[at] || titles[0];
      return { to, title, other: titles[1 - at] === title ? "" : (titles[1 - at] ?? "") };
    });
}

export default function Finder(props: { onClose: () => void }) {
  const say = useWords(shell);
  const navigate = useNavigate();
  const [typed, setTyped] = useState("");
  const [chosen, setChosen] = useState(0);
  const hits = useHits(typed);
  const field = useRef<InputRef>(null);
  // The dialog gives the focus to its first button, or to itself once it has come in.
  const focus = () => field.current?.focus();
  useEffect(focus);
  const go = (hit: Hit | undefined) => {
    if (!hit) return;
    void navigate({ to: hit.to });
    props.onClose();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setChosen((chosen + step + hits.length) % Math.max(hits.length, 1));
    }
    if (event.key === "Enter") go(hits[chosen]);
  };
  return (
    <Modal
      open
      title={say("find")}
      footer={null}
      closable={false}
      afterOpenChange={focus}
      onCancel={props.onClose}
      width={560}
      style={{ top: 96 }}
    >
      <Input
        ref={field}
        autoFocus
        size="large"
        value={typed}
        placeholder={say("findHint")}
        aria-label={say("findHint")}
        role="combobox"
        aria-expanded
        aria-controls="found"
        aria-activedescendant={hits[chosen] ? `found-${chosen}` : undefined}
        onKeyDown={onKeyDown}
        onChange={(event) => {
          setTyped(event.target.value);
          setChosen(0);
        }}
      />
      <div id="found" role="listbox" aria-label={say("findResults")} className="found">
        {hits.map((hit, index) => (
          <div
            key={hit.to}
            id={`found-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === chosen}
            onMouseEnter={() => setChosen(index)}
            onMouseDown={() => go(hit)}
          >
            {hit.title} <span className="quiet">{hit.other}</span>
          </div>
        ))}
      </div>
      {hits.length === 0 && <p className="quiet">{say("findNothing")}</p>}
    </Modal>
  );
}
