/** A chart, loaded only where one is shown. Its numbers must stand beside it as text or table too. */
import type { EChartsCoreOption } from "echarts/core";
import { useEffect, useRef } from "react";
import { ui } from "../i18n/ui";
import { useWords } from "../i18n/words";
import { useLook } from "../look";

export function Chart(props: { title: string; option: EChartsCoreOption; height?: number }) {
  const say = useWords(ui);
  const box = useRef<HTMLDivElement>(null);
  const { option } = props;
  const { shade } = useLook();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another shade means other colours
  useEffect(() => {
    let end = () => {};
    let gone = false;
    import("./echarts")
      .then(({ draw }) => {
        if (!gone && box.current) end = draw(box.current, option);
      })
      // Without a network there is no picture; its numbers stand beside it.
      .catch(() => {});
    return () => {
      gone = true;
      end();
    };
  }, [option, shade]);
  return (
    <div
      ref={box}
      role="img"
      aria-label={say("chart", { title: props.title })}
      style={{ height: props.height ?? 240 }}
    />
  );
}
