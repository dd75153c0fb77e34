/** Searches kept under a name in this browser. */
import { DeleteOutlined, StarOutlined } from "@ant-design/icons";
import { Button, Input, Popover } from "antd";
import { useState } from "react";
import { audit } from "../../i18n/audit";
import { useWords } from "../../i18n/words";
import { useAddress } from "../../ui/address";

const KEPT = "guan.searches.audit";
const MEMBERS = [
  "tab",
  "user",
  "object",
  "record",
  "kind",
  "result",
  "address",
  "from",
  "until",
  "routine",
];
type Searches = Record<string, Record<string, string>>;

function read(): Searches {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "{}") as Searches;
  } catch {
    return {};
  }
}

export function Saved() {
  const say = useWords(audit);
  const [search, go] = useAddress();
  const [kept, setKept] = useState(read);
  const [name, setName] = useState("");
  const put = (next: Searches) => {
    localStorage.setItem(KEPT, JSON.stringify(next));
    setKept(next);
  };
  const now = Object.fromEntries(
    MEMBERS.flatMap((member) => (search[member] ? [[member, search[member]]] : [])),
  ) as Record<string, string>;
  const open = (found: Record<string, string>) =>
    go(Object.fromEntries(MEMBERS.map((member) => [member, found[member]])));
  const remove = (which: string) =>
    put(Object.fromEntries(Object.entries(kept).filter(([other]) => other !== which)));
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      title={say("saved")}
      content={
        <div style={{ width: 260 }}>
          {Object.entries(kept).map(([which, found]) => (
            <div key={which} style={{ display: "flex" }}>
              <Button
                type="link"
                style={{ flex: 1, textAlign: "left" }}
                onClick={() => open(found)}
              >
                {which}
              </Button>
              <Button
                type="text"
                icon={<DeleteOutlined />}
                aria-label={say("forget", { name: which })}
                onClick={() => remove(which)}
              />
            </div>
          ))}
          <Input.Search
            value={name}
            aria-label={say("saveName")}
            placeholder={say("saveName")}
            enterButton={say("save")}
            onChange={(event) => setName(event.target.value)}
            onSearch={() => {
              if (name.trim()) put({ ...kept, [name.trim()]: now });
              setName("");
            }}
          />
        </div>
      }
    >
      <Button icon={<StarOutlined />}>{say("saved")}</Button>
    </Popover>
  );
}
