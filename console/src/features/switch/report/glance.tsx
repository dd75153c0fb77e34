/** The verdicts of the report, each with a sign beside its words. */
import { CheckCircleOutlined, WarningOutlined } from "@ant-design/icons";
import { report as words } from "../../../i18n/switch-report";
import { useWords } from "../../../i18n/words";
import type { WindowReport } from "../documents";

type Finding = "good" | "bad" | "open";

/** What the report proves, and what it does not. */
export function findings({ window, floor, self_test, soundness }: WindowReport) {
  if (!window) return [];
  const off = floor.touched.length + floor.outside.length;
  const still = self_test ? self_test.asked - self_test.refused : 0;
  const test: Finding = self_test == null ? "open" : still > 0 ? "bad" : "good";
  const sealed = window.seal_holds && soundness === "whole";
  return [
    ["policy", window.policy.unchanged ? "good" : "bad", 0],
    ["floor", off === 0 ? "good" : "bad", off],
    ["selfTest", test, still],
    ["seal", sealed ? "good" : "bad", 0],
    ["backup", window.backup.holds ? "good" : "bad", 0],
  ] as const;
}

export function Glance(props: { report: WindowReport }) {
  const say = useWords(words);
  const all = findings(props.report);
  if (all.length === 0) return null;
  const nothing = props.report.self_test?.asked === 0;
  const says = (what: (typeof all)[number]) => {
    const [name, finding, n] = what;
    if (name === "selfTest" && finding === "open") return say("v_selfTestYet");
    if (name === "selfTest" && nothing) return say("v_selfTestNone");
    if (finding === "good") return say(`v_${name}`);
    return name === "floor" || name === "selfTest"
      ? say(`v_${name}Not`, { n })
      : say(`v_${name}Not`);
  };
  return (
    <ul className="glance" aria-label={say("verdicts")}>
      {all.map((one) => (
        <li key={one[0]} className={`sheet ${one[1]}`}>
          {one[1] === "bad" ? <WarningOutlined aria-hidden /> : <CheckCircleOutlined aria-hidden />}
          <span>
            <b>{say(one[1] === "bad" ? "bad" : "good")}</b>
            {says(one)}
          </span>
        </li>
      ))}
    </ul>
  );
}
