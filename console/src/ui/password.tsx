/** A new password, written twice. */
import { Form, Input } from "antd";
import { password as words } from "../i18n/password";
import { useWords } from "../i18n/words";

const PASSWORD_MIN = 12;

/** The fields `next` and `again` of the form around it. */
export function NewPassword() {
  const say = useWords(words);
  return (
    <>
      <Form.Item
        name="next"
        label={say("next")}
        extra={say("hint")}
        rules={[{ required: true, min: PASSWORD_MIN, message: say("short") }]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      <Form.Item
        name="again"
        label={say("again")}
        dependencies={["next"]}
        rules={[
          ({ getFieldValue }) => ({
            validator: (_, value) =>
              value === getFieldValue("next")
                ? Promise.resolve()
                : Promise.reject(new Error(say("unlike"))),
          }),
        ]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
    </>
  );
}
