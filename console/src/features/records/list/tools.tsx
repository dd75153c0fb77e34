/** Beside the search: whose records, order, export, and where else one can go from here. */
import { DownloadOutlined, MoreOutlined } from "@ant-design/icons";
import { useNavigate } from "@tanstack/react-router";
import { App, Button, Dropdown, Modal, Select } from "antd";
import { useState } from "react";
import { records } from "../../../i18n/records";
import { useWords } from "../../../i18n/words";
import { useAddress } from "../../../ui/address";
import type { Field, ObjectInfo } from "../model";
import { Refused } from "../refused";
import { type Exported, exportFile, type Form, keep } from "../transfer/port";

export function Whose(props: { claims: boolean }) {
  const say = useWords(records);
  const [search, go] = useAddress();
  return (
    <Select
      aria-label={say("whose")}
      style={{ minWidth: 150 }}
      value={search.owner ?? ""}
      options={[
        { value: "", label: say("everybody") },
        { value: "me", label: say("mine") },
        ...(props.claims || search.owner === "none"
          ? [{ value: "none", label: say("unowned") }]
          : []),
      ]}
      onChange={(owner: string) => go({ owner: owner || undefined, cursor: undefined }, "replace")}
    />
  );
}

export function Order(props: { fields: readonly Field[] }) {
  const say = useWords(records);
  const [search, go] = useAddress();
  const options = props.fields
    .filter(({ sortable }) => sortable)
    .flatMap(({ id, label }) => [
      { value: id, label: say("up", { what: label }) },
      { value: `-${id}`, label: say("down", { what: label }) },
    ]);
  return (
    <Select
      aria-label={say("sortBy")}
      style={{ minWidth: 150 }}
      popupMatchSelectWidth={false}
      value={search.sort ?? ""}
      options={[{ value: "", label: say("unsorted") }, ...options]}
      onChange={(sort: string) => go({ sort: sort || undefined, cursor: undefined }, "replace")}
    />
  );
}

export function Export(props: { object: ObjectInfo; title: string; asked: Exported }) {
  const say = useWords(records);
  const { message } = App.useApp();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const run = async (form: Form) => {
    setBusy(true);
    try {
      const name = `${props.title}.${form}`;
      keep(name, await exportFile(props.object.id, form, props.asked));
      void message.success(say("exported", { name }));
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Dropdown
        trigger={["click"]}
        menu={{
          items: [
            { key: "csv", label: say("exportCsv") },
            { key: "xlsx", label: say("exportXlsx") },
          ],
          onClick: ({ key }) => void run(key as Form),
        }}
      >
        <Button icon={<DownloadOutlined aria-hidden />} loading={busy}>
          {say(busy ? "exporting" : "export")}
        </Button>
      </Dropdown>
      <Modal
        open={error !== undefined}
        title={say("exportTitle")}
        footer={null}
        onCancel={() => setError(undefined)}
      >
        <Refused error={error} tried={{ action: "export", object: props.object.id }} />
      </Modal>
    </>
  );
}

export function Elsewhere(props: { object: string; grouped: boolean }) {
  const say = useWords(records);
  const navigate = useNavigate();
  const [, go] = useAddress();
  const act: Record<string, () => void> = {
    group: () => go(props.grouped ? { group: undefined, sum: undefined } : { group: "-" }),
    import: () => void navigate({ to: `/import/${props.object}` as string }),
    bin: () => void navigate({ to: `/bin/${props.object}` as string }),
  };
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        items: [
          { key: "group", label: say(props.grouped ? "groupOff" : "group") },
          { key: "import", label: say("import") },
          { key: "bin", label: say("bin") },
        ],
        onClick: ({ key }) => act[key]?.(),
      }}
    >
      <Button icon={<MoreOutlined aria-hidden />} aria-label={say("more")} />
    </Dropdown>
  );
}
