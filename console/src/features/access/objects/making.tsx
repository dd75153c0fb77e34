/** A new object, or a new field of one. */
import { App, Form, Input, Modal, Select } from "antd";
import type { ReactNode } from "react";
import { answer, api, type Schemas } from "../../../api/client";
import { useChange, useIntention } from "../../../api/query";
import { masks as fieldWords } from "../../../i18n/masks";
import { structure as words } from "../../../i18n/structure";
import { useWords } from "../../../i18n/words";
import { ProblemNote } from "../../../ui/problem";
import { useOutcome } from "../outcome";
import { outcome } from "../saving";
import { WORLD } from "../world";

const TYPES = [
  "text",
  "number",
  "boolean",
  "date",
  "date_time",
  "choice",
  "multi_choice",
  "reference",
] as const;

const STALE = [WORLD, ["access", "revisions"], ["me"]] as const;
const ID = /^\w+$/;

type ObjectWanted = { id: string; name: string; reason: string };
type FieldWanted = ObjectWanted & {
  type: (typeof TYPES)[number];
  class?: Schemas["FieldClass"] | "";
};

export function NewObject(props: { onClose: () => void }) {
  const say = useWords(words);
  return (
    <Making<ObjectWanted>
      title={say("newObject")}
      initial={{ id: "", name: "", reason: "" }}
      make={({ id, name, reason }, header) =>
        answer(
          api.POST("/api/v1/objects", {
            params: { header },
            body: { id, content: { name }, reason },
          }),
        )
      }
      onClose={props.onClose}
    >
      <p className="quiet">{say("private")}</p>
    </Making>
  );
}

export function NewField(props: { object: string; onClose: () => void }) {
  const { object } = props;
  const say = useWords(words);
  const sayFields = useWords(fieldWords);
  return (
    <Making<FieldWanted>
      title={say("newField")}
      initial={{ id: "", name: "", type: "text", class: "", reason: "" }}
      make={({ id, name, type, reason, class: sensitive }, header) => {
        const content = { name, type, ...(sensitive ? { class: sensitive } : {}) };
        const params = { path: { object }, header };
        const body = { id, content, reason };
        return answer(api.POST("/api/v1/objects/{object}/fields", { params, body }));
      }}
      onClose={props.onClose}
    >
      <Form.Item name="type" label={say("type")}>
        <Select options={TYPES.map((value) => ({ value, label: sayFields(value) }))} />
      </Form.Item>
      <Form.Item name="class" label={sayFields("class")} extra={sayFields("classWhy")}>
        <Select
          options={[
            { value: "", label: sayFields("noClass") },
            ...(["personal", "sensitive", "financial", "protected"] as const).map((value) => ({
              value: value as string,
              label: sayFields(value),
            })),
          ]}
        />
      </Form.Item>
    </Making>
  );
}

/** The dialog in which something new of the model is named, described and made as one revision. */
function Making<T extends ObjectWanted>(props: {
  title: string;
  initial: T;
  make: (wanted: T, header: { "idempotency-key": string }) => Promise<unknown>;
  onClose: () => void;
  /** What else is filled in. */
  children: ReactNode;
}) {
  const say = useWords(words);
  const { message } = App.useApp();
  const [form] = Form.useForm<T>();
  const intention = useIntention();
  const said = useOutcome();
  const create = useChange(async (wanted: T) => {
    const made = outcome(await props.make(wanted, { "idempotency-key": intention.key() }));
    intention.done();
    return made;
  }, STALE);
  const run = async () => {
    const wanted = await form.validateFields();
    const made = await create.mutateAsync(wanted);
    const isThere = "revision" in made;
    void message.success(
      isThere ? say("created", { n: String(made.revision), name: wanted.name }) : said(made),
    );
    props.onClose();
  };
  return (
    <Modal
      open
      title={props.title}
      okText={say("create")}
      confirmLoading={create.isPending}
      onOk={() => void run().catch(() => {})}
      onCancel={props.onClose}
    >
      <Form form={form} layout="vertical" initialValues={props.initial}>
        <Form.Item name="name" label={say("name")} rules={[{ required: true }]}>
          <Input />
        </Form.Item>
        <Form.Item
          name="id"
          label={say("id")}
          extra={say("idHint")}
          rules={[{ required: true, pattern: ID, message: say("idHint") }]}
        >
          <Input className="code" />
        </Form.Item>
        {props.children}
        <Form.Item name="reason" label={say("reason")} rules={[{ required: true }]}>
          <Input />
        </Form.Item>
      </Form>
      <ProblemNote error={create.error} />
    </Modal>
  );
}
