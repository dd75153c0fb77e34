/** What to watch in a set, as tags that say why. */
import { WarningOutlined } from "@ant-design/icons";
import { Tag, Tooltip } from "antd";
import { sets as words } from "../../../i18n/sets";
import { useWords } from "../../../i18n/words";
import { type Policy, useObjectName } from "../world";
import { type Risk, wholeObjects } from "./risks";
import type { SetRow } from "./rows";

const GRAVE: readonly Risk[] = ["allData", "guan"];

export function Risks(props: { policy: Policy; row: SetRow }) {
  const { policy, row } = props;
  const say = useWords(words);
  const objectName = useObjectName(policy);
  const why = (risk: Risk) => {
    if (risk !== "wholeObject") return say(`${risk}Why`);
    const set = policy.sets[row.id];
    const objects = (set ? wholeObjects(set) : []).map(objectName);
    return objects.length > 0
      ? say("wholeObjectWhy", { objects: objects.join(", ") })
      : say("wholeObject");
  };
  return (
    <span className="tags">
      {row.risks.map((risk) => (
        <Tooltip key={risk} title={why(risk)}>
          <Tag
            className={GRAVE.includes(risk) ? "risk grave" : "risk"}
            icon={<WarningOutlined aria-hidden />}
          >
            {say(risk)}
          </Tag>
        </Tooltip>
      ))}
      {row.activation && <Tag>{say("activation")}</Tag>}
    </span>
  );
}
