/** Sets what is selected — cells, rows or columns — to one value, and tells how many cells that is. */
import { DownOutlined } from "@ant-design/icons";
import { Button, Dropdown } from "antd";
import { access } from "../../../i18n/access";
import { useWords } from "../../../i18n/words";
import { type CellKind, choices } from "../levels";
import { useLevels } from "../words";

export const TURN = "turn";

/** The values that a menu offers for cells of a kind. */
export function useChoices() {
  const levels = useLevels();
  return (kind: CellKind) => [
    ...choices(kind).map((value) => ({ key: value, label: levels.value(kind, value) })),
    ...(kind === "scope" ? [{ key: TURN, label: `± ${levels.say("orUnassigned")}` }] : []),
  ];
}

export function Fill(props: {
  count: number;
  kinds: readonly CellKind[];
  onChoose: (value: string) => void;
}) {
  const say = useWords(access);
  const of = useChoices();
  const groups = props.kinds.filter((kind) => kind !== "off");
  const items = groups.flatMap((kind, nth) => [
    ...(nth > 0 ? [{ type: "divider" as const, key: `divider-${kind}` }] : []),
    ...of(kind).map(({ key, label }) => ({ key: `${kind} ${key}`, label })),
  ]);
  return (
    <Dropdown
      trigger={["click"]}
      disabled={items.length === 0}
      menu={{ items, onClick: ({ key }) => props.onChoose(key.slice(key.indexOf(" ") + 1)) }}
    >
      <Button>
        {say("setTo")} <span className="quiet number">{say("selected", { n: props.count })}</span>
        <DownOutlined aria-hidden />
      </Button>
    </Dropdown>
  );
}
