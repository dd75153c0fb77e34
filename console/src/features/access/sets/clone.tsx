/** A new set with the content of another; nobody has it yet. */
import { App, Form, Input, Modal } from "antd";
import { answer, api } from "../../../api/client";
import { useChange, useIntention } from "../../../api/query";
import { sets as words } from "../../../i18n/sets";
import { useWords } from "../../../i18n/words";
import { useAddress } from "../../../ui/address";
import { ProblemNote } from "../../../ui/problem";
import { useOutcome } from "../outcome";
import { outcome } from "../saving";
import { nameOf, WORLD, type World } from "../world";

type Wanted = { id: string; name: string; reason: string };

export function Clone(props: { world: World; set: string; onClose: () => void }) {
  const { world, set } = props;
  const say = useWords(words);
  const { message } = App.useApp();
  const [, go] = useAddress();
  const [form] = Form.useForm<Wanted>();
  const intention = useIntention();
  const said = useOutcome();
  const content = world.policy.sets[set];
  const name = nameOf(set, content);
  const clone = useChange(
    async ({ id, name, reason }: Wanted) => {
      const made = await answer(
        api.POST("/api/v1/permission-sets", {
          params: { header: { "idempotency-key": intention.key() } },
          body: { id, content: { ...content, name }, reason },
        }),
      );
      intention.done();
      return made;
    },
    [WORLD, ["access", "revisions"]],
  );
  const run = async () => {
    const wanted = await form.validateFields();
    const made = outcome(await clone.mutateAsync(wanted));
    const isThere = "revision" in made;
    void message.success(isThere ? say("cloned", { n: String(made.revision) }) : said(made));
    props.onClose();
    if (isThere) go({ set: `set:${wanted.id}` });
  };
  return (
    <Modal
      open
      title={say("cloneTitle", { name })}
      okText={say("clone")}
      confirmLoading={clone.isPending}
      onOk={() => void run().catch(() => {})}
      onCancel={props.onClose}
    >
      <p className="quiet">{say("cloneAbout")}</p>
      <Form
        form={form}
        layout="vertical"
        initialValues={{ id: `${set}_2`, name: `${name} (2)`, reason: "" }}
      >
        <Form.Item name="name" label={say("newName")} rules={[{ required: true }]}>
          <Input />
        </Form.Item>
        <Form.Item name="id" label={say("newId")} rules={[{ required: true }]}>
          <Input className="code" />
        </Form.Item>
        <Form.Item name="reason" label={say("reason")} rules={[{ required: true }]}>
          <Input />
        </Form.Item>
      </Form>
      <ProblemNote error={clone.error} />
    </Modal>
  );
}
