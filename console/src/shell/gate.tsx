/** Signing in; and the change of a password that somebody else chose, without which nothing is open. */
import { Alert, Button, Form, Input } from "antd";
import dayjs from "dayjs";
import { useEffect, useMemo, useState } from "react";
import { ProblemError, problemOf } from "../api/client";
import mark from "../favicon.svg";
import { gate } from "../i18n/gate";
import { setLanguage, useLanguage, useWords } from "../i18n/words";
import { type Me, useSigning } from "../session";
import { NewPassword } from "../ui/password";
import { ProblemNote } from "../ui/problem";

export default function Gate(props: { me: Me | null }) {
  const say = useWords(gate);
  const language = useLanguage();
  const other = language === "zh" ? "en" : "zh";
  return (
    <div className="gate">
      <section>
        <div>
          <img src={mark} alt="" width={44} height={44} />
          <main>{props.me ? <FirstPassword /> : <SignIn />}</main>
          <Button
            type="link"
            style={{ padding: 0, marginTop: 20 }}
            lang={other === "zh" ? "zh-CN" : "en"}
            onClick={() => setLanguage(other)}
          >
            {other === "zh" ? "中文" : "English"}
          </Button>
        </div>
      </section>
      <section className="side" aria-label="Guan 关">
        <div>
          <h2>{say("promise")}</h2>
          <p>{say("promiseOne")}</p>
          <p>{say("promiseTwo")}</p>
          <p>{say("promiseThree")}</p>
        </div>
      </section>
    </div>
  );
}

function useActing() {
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const act = async (what: () => Promise<void>) => {
    setBusy(true);
    setError(undefined);
    try {
      await what();
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
    }
  };
  return { act, error, busy };
}

/** From here on a wait is told in minutes. */
const IN_MINUTES_S = 120;

/** How long to wait, as far as the server said it; the moment stays true while the page stands. */
function usePaused(error: unknown): string {
  const say = useWords(gate);
  const wait_s = error instanceof ProblemError ? error.wait_s : undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the wait runs from when it was told
  const from = useMemo(() => dayjs(), [error]);
  if (wait_s === undefined) return say("paused");
  const at = from.add(wait_s, "second").format("HH:mm:ss");
  return wait_s < IN_MINUTES_S
    ? say("pausedSeconds", { n: wait_s, at })
    : say("pausedMinutes", { n: Math.ceil(wait_s / 60), at });
}

function SignIn() {
  const say = useWords(gate);
  const { signIn } = useSigning();
  const { act, error, busy } = useActing();
  useEffect(() => {
    document.title = `${say("title")} · Guan 关`;
  });
  const paused = usePaused(error);
  const known: Record<string, string> = {
    sign_in_refused: say("refused"),
    sign_in_paused: paused,
  };
  const words = error ? known[problemOf(error).code] : undefined;
  return (
    <>
      <h1>{say("title")}</h1>
      <p className="quiet">{say("about")}</p>
      <Form
        layout="vertical"
        requiredMark={false}
        size="large"
        onFinish={({ user, password }) => act(() => signIn(user.trim(), password))}
      >
        <Form.Item
          name="user"
          label={say("user")}
          rules={[{ required: true, message: say("userMissing") }]}
        >
          <Input autoComplete="username" autoFocus spellCheck={false} />
        </Form.Item>
        <Form.Item
          name="password"
          label={say("password")}
          rules={[{ required: true, message: say("passwordMissing") }]}
        >
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        {words && <Alert type="error" showIcon title={words} style={{ marginBottom: 16 }} />}
        {error !== undefined && !words && <ProblemNote error={error} />}
        <Button type="primary" htmlType="submit" block loading={busy}>
          {say("act")}
        </Button>
      </Form>
    </>
  );
}

function FirstPassword() {
  const say = useWords(gate);
  const { changePassword, signOut } = useSigning();
  const { act, error, busy } = useActing();
  return (
    <>
      <h1>{say("mustTitle")}</h1>
      <p className="quiet">{say("mustAbout")}</p>
      <Form
        layout="vertical"
        requiredMark={false}
        size="large"
        onFinish={({ current, next }) => act(() => changePassword(current, next))}
      >
        <Form.Item
          name="current"
          label={say("current")}
          rules={[{ required: true, message: say("passwordMissing") }]}
        >
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        <NewPassword />
        {error !== undefined && <ProblemNote error={error} />}
        <Button type="primary" htmlType="submit" block loading={busy} style={{ marginTop: 8 }}>
          {say("change")}
        </Button>
        <Button type="text" block onClick={() => void signOut()} style={{ marginTop: 8 }}>
          {say("out")}
        </Button>
      </Form>
    </>
  );
}
