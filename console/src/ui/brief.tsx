/** A text that people wrote, three lines of it; the rest where somebody asks for it. */
import { type ReactNode, useLayoutEffect, useRef, useState } from "react";
import { ui } from "../i18n/ui";
import { useWords } from "../i18n/words";

export function Brief(props: { children: ReactNode }) {
  const say = useWords(ui);
  const text = useRef<HTMLSpanElement>(null);
  const [open, setOpen] = useState(false);
  const [isLong, setLong] = useState(false);
  useLayoutEffect(() => {
    const place = text.current;
    if (!place || open) return;
    const measure = () => setLong(place.scrollHeight > place.clientHeight + 1);
    measure();
    if (typeof ResizeObserver === "undefined") return;
    const watch = new ResizeObserver(measure);
    watch.observe(place);
    return () => watch.disconnect();
  }, [open]);
  return (
    <span className="brief">
      <span ref={text} className={open ? undefined : "closed"}>
        {props.children}
      </span>
      {isLong && (
        <button
          type="button"
          className="noprint"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          {say(open ? "less" : "more")}
        </button>
      )}
    </span>
  );
}
