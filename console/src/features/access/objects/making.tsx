/** A new object, or a new field of one. */
import { App, Form, Input, Modal, Select } from "antd";
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

export function NewObject(props: { onClose: () => void }) {
  const say = useWords(words);
  const { message } = App.useApp();
  const [form] = Form.useForm<ObjectWanted>();
  const intention = useIntention();
  const said = useOutcome();
  const create = useChange(async ({ id, name, reason }: ObjectWanted) => {
    const params = { header: { "idempotency-key": intention.key() } };
    const body = { id, content: { name }, reason };
    const made = await answer(api.POST("/api/v1/objects", { params, body }));
    intention.done();
    return made;
  }, STALE);
  const run = async () => {
    const wanted = await form.validateFields();
    const made = outcome(await create.mutateAsync(wanted));
    const isThere = "revision" in made;
    void message.success(
      isThere ? say("created", { n: String(made.revision), name: wanted.name }) : said(made),
    );
    props.onClose();
  };
  return (
    <Modal
      open
      title={say("newObject")}
      okText={say("create")}
      confirmLoading={create.isPending}
      onOk={() => void run().catch(() => {})}
      onCancel={props.onClose}
    >
      <p className="quiet">{say("private")}</p>
      <Form form={form} layout="vertical" initialValues={{ id: "", name: "", reason: "" }}>
        <Form.Item name="name" label={say("name")} rules={[{ required: true }]}>
          <Input />
        </Form.Item>
        <Identifier />
        <Form.Item name="reason" label={say("reason")} rules={[{ required: true }]}>
          <Input />
        </Form.Item>
      </Form>
      <ProblemNote error={create.error} />
    </Modal>
  );
}

function Identifier() {
  const say = useWords(words);
  return (
    <Form.Item
      name="id"
      label={say("id")}
      extra={say("idHint")}
      rules={[{ required: true, pattern: ID, message: say("idHint") }]}
    >
      <Input className="code" />
    </Form.Item>
  );
}

type FieldWanted = ObjectWanted & {
  type: (typeof TYPES)[number];
  class?: Schemas["FieldClass"] | "";
};

export function NewField(props: { object: string; onClose: () => void }) {
  const { object } = props;
  const say = useWords(words);
  const sayFields = useWords(fieldWords);
  const { message } = App.useApp();
  const [form] = Form.useForm<FieldWanted>();
  const intention = useIntention();
  const said = useOutcome();
  const create = useChange(async (wanted: FieldWanted) => {
    const params = { path: { object }, header: { "idempotency-key": intention.key() } };
    const { id, name, type, reason } = wanted;
    const content = { name, type, ...(wanted.class ? { class: wanted.class } : {}) };
    const made = await answer(
      api.POST("/api/v1/objects/{object}/fields", { params, body: { id, content, reason } }),
    );
    intention.done();
    return made;
  }, STALE);
  const run = async () => {
    const wanted = await form.validateFields();
    const made = outcome(await create.mutateAsync(wanted));
    const isThere = "revision" in made;
    void message.success(
      isThere ? say("created", { n: String(made.revision), name: wanted.name }) : said(made),
    );
    props.onClose();
  };
  return (
    <Modal
      open
      title={say("newField")}
      okText={say("create")}
      confirmLoading={create.isPending}
      onOk={() => void run().catch(() => {})}
      onCancel={props.onClose}
    >
      <Form
        form={form}
        layout="vertical"
        initialValues={{ id: "", name: "", type: "text", class: "", reason: "" }}
      >
        <Form.Item name="name" label={say("name")} rules={[{ required: true }]}>
          <Input />
        </Form.Item>
        <Identifier />
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
        <Form.Item name="reason" label={say("reason")} rules={[{ required: true }]}>
          <Input />
        </Form.Item>
      </Form>
      <ProblemNote error={create.error} />
    </Modal>
  );
}
