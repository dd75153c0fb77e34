/** The verdicts of the report, each with a sign beside its words. */
import { CheckCircleOutlined, MinusCircleOutlined, WarningOutlined } from "@ant-design/icons";
import { report as words } from "../../../i18n/switch-report";
import { useWords } from "../../../i18n/words";
import type { WindowReport } from "../documents";

type Finding = "good" | "bad" | "open";

/** What the report proves, and what it does not. */
export function findings({ window, floor, self_test, soundness }: WindowReport) {
  if (!window) return [];
  const off = floor.touched.length + floor.outside.length;
  const still = self_test ? self_test.asked - self_test.refused : 0;
  const asked = self_test?.asked ?? 0;
  const test: Finding = asked === 0 ? "open" : still > 0 ? "bad" : "good";
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
  const done = props.report.self_test != null;
  const says = (what: (typeof all)[number]) => {
    const [name, finding, n] = what;
    if (finding === "open") return say(done ? "v_selfTestNone" : "v_selfTestYet");
    if (finding === "good") return say(`v_${name}`);
    return name === "floor" || name === "selfTest"
      ? say(`v_${name}Not`, { n })
      : say(`v_${name}Not`);
  };
  return (
    <ul className="glance" aria-label={say("verdicts")}>
      {all.map((one) => (
        <li key={one[0]} className={`sheet ${one[1]}`}>
          <Sign of={one[1]} />
          <span>
            <b>{say(one[1])}</b>
            {says(one)}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Sign(props: { of: Finding }) {
  if (props.of === "good") return <CheckCircleOutlined aria-hidden />;
  return props.of === "bad" ? <WarningOutlined aria-hidden /> : <MinusCircleOutlined aria-hidden />;
}
