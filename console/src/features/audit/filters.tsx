/** The filters of the log, all in the address; a search can be kept under a name in this browser. */
import { DatePicker, Input, Select } from "antd";
import dayjs from "dayjs";
import { audit } from "../../i18n/audit";
import { ledgerKinds } from "../../i18n/ledger";
import { useWords } from "../../i18n/words";
import { useAddress } from "../../ui/address";
import { ObjectPicker, UserPicker } from "../../ui/choice";
import { useNamed } from "../../ui/named";
import { TABS, type Tab } from "./rows";
import { Saved } from "./saved";

export function Filters(props: { tab: Tab }) {
  const say = useWords(audit);
  const kind = useNamed(ledgerKinds);
  const [search, go] = useAddress();
  const set = (name: string) => (value: string | undefined) =>
    go({ [name]: value || undefined }, "replace");
  const kinds: readonly string[] =
    TABS[props.tab] ?? Object.keys(ledgerKinds).filter((name) => name !== "session_renewed");
  const text = (name: "record" | "address", width: number) => (
    <Input
      allowClear
      key={`${name} ${search[name] ?? ""}`}
      style={{ width }}
      aria-label={say(name)}
      placeholder={say(name)}
      defaultValue={search[name] ?? ""}
      onBlur={(event) => set(name)(event.target.value.trim())}
      onPressEnter={(event) => set(name)(event.currentTarget.value.trim())}
    />
  );
  return (
    <div className="tools">
      <DatePicker.RangePicker
        showTime
        aria-label={say("time")}
        placeholder={[say("from"), say("until")]}
        allowEmpty
        value={[search.from ? dayjs(search.from) : null, search.until ? dayjs(search.until) : null]}
        onChange={(range) =>
          go({ from: range?.[0]?.toISOString(), until: range?.[1]?.toISOString() }, "replace")
        }
      />
      <div style={{ width: 220 }}>
        <UserPicker label={say("actor")} value={search.user} onChange={set("user")} />
      </div>
      <div style={{ width: 180 }}>
        <ObjectPicker value={search.object} onChange={set("object")} clear />
      </div>
      {text("record", 170)}
      <Select
        allowClear
        style={{ width: 180 }}
        aria-label={say("act")}
        placeholder={say("act")}
        value={search.kind ?? null}
        options={kinds.map((value) => ({ value, label: kind(value) }))}
        onChange={(value) => set("kind")(value ?? undefined)}
      />
      <Select
        allowClear
        style={{ width: 110 }}
        aria-label={say("result")}
        placeholder={say("result")}
        value={search.result ?? null}
        options={(["done", "refused", "failed"] as const).map((value) => ({
          value,
          label: say(value),
        }))}
        onChange={(value) => set("result")(value ?? undefined)}
      />
      {text("address", 130)}
      <Saved />
    </div>
  );
}
