/** How many masked values one person has revealed at most: a setting of the organization, changed after a preview. */
import { Button, Form, InputNumber, Modal } from "antd";
import { useState } from "react";
import { masks as words } from "../../../i18n/masks";
import { useWords } from "../../../i18n/words";
import { useMay } from "../../../session";
import { Revise } from "../../../ui/revise";
import { limitsOf, type Policy } from "../world";

export function RevealLimits(props: { policy: Policy }) {
  const { organization } = props.policy;
  const say = useWords(words);
  const may = useMay()(["guan.manage_settings"]);
  const now = limitsOf(organization);
  const [typed, setTyped] = useState<typeof now>();
  const [asked, setAsked] = useState<typeof now>();
  const close = () => {
    setTyped(undefined);
    setAsked(undefined);
  };
  const input = (name: keyof typeof now, label: string) => (
    <Form.Item label={label} htmlFor={name}>
      <InputNumber
        id={name}
        min={0}
        max={100_000}
        precision={0}
        value={typed?.[name] ?? null}
        onChange={(value) => typed && setTyped({ ...typed, [name]: value ?? 0 })}
      />
    </Form.Item>
  );
  return (
    <>
      <span className="quiet number">
        {say("reveals", { hour: now.an_hour_max, day: now.a_day_max })}
      </span>
      {may && (
        <Button size="small" onClick={() => setTyped(now)}>
          {say("revealsChange")}
        </Button>
      )}
      {typed && (
        <Modal
          open
          title={say("revealsTitle")}
          okText={say("revealsPreview")}
          cancelText={say("cancel")}
          okButtonProps={{
            disabled: typed.an_hour_max === now.an_hour_max && typed.a_day_max === now.a_day_max,
          }}
          onOk={() => {
            setAsked(typed);
            setTyped(undefined);
          }}
          onCancel={close}
        >
          <p>{say("revealsWhy")}</p>
          <Form layout="vertical">
            {input("an_hour_max", say("revealsHour"))}
            {input("a_day_max", say("revealsDay"))}
          </Form>
        </Modal>
      )}
      {asked && (
        <Revise
          title={say("revealsTitle")}
          edits={{
            put: [
              {
                kind: "organization",
                id: "",
                content: { ...organization, reveals: asked } as never,
              },
            ],
          }}
          onDone={close}
          onCancel={close}
        />
      )}
    </>
  );
}
