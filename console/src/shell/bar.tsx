/** The header: quick find, language, look, and the person's own menu. */
import {
  ColumnHeightOutlined,
  LogoutOutlined,
  MoonOutlined,
  QuestionCircleOutlined,
  SearchOutlined,
  SunOutlined,
  UserOutlined,
} from "@ant-design/icons";
import { Button, Dropdown, Tooltip } from "antd";
import { lazy, Suspense, useEffect, useState } from "react";
import { shell } from "../i18n/shell";
import { setLanguage, useLanguage, useWords } from "../i18n/words";
import { setLook, useLook } from "../look";
import { type Me, useSigning } from "../session";
import { Waiting } from "./band";

const loadFinder = () => import("./finder");
const Finder = lazy(loadFinder);
const Menu = lazy(() => import("./menu"));

export function Bar(props: {
  me: Me;
  /** Whether the menu stands behind a button here, for want of room beside the screen. */
  narrow: boolean;
  onTour: () => void;
}) {
  const say = useWords(shell);
  const language = useLanguage();
  const { shade, density } = useLook();
  const { signOut } = useSigning();
  const [finding, setFinding] = useState(false);
  useEffect(() => {
    // Read beforehand, so that what is typed right after Ctrl+K is heard.
    void loadFinder().catch(() => {});
    const hear = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      setFinding(true);
    };
    window.addEventListener("keydown", hear);
    return () => window.removeEventListener("keydown", hear);
  }, []);
  const dark = shade === "dark";
  const compact = density === "compact";
  const toShade = say(dark ? "toLight" : "toDark");
  const toDensity = say(compact ? "toRoomy" : "toCompact");
  return (
    <header className="bar">
      {props.narrow && (
        <Suspense>
          <Menu />
        </Suspense>
      )}
      <button
        type="button"
        className="finder"
        aria-label={props.narrow ? say("find") : undefined}
        onClick={() => setFinding(true)}
      >
        <SearchOutlined aria-hidden />
        {!props.narrow && (
          <>
            <span>{say("find")}</span>
            <kbd>Ctrl K</kbd>
          </>
        )}
      </button>
      {!props.me.view && <Waiting />}
      <Button
        type="text"
        lang={language === "zh" ? "en" : "zh-CN"}
        onClick={() => setLanguage(language === "zh" ? "en" : "zh")}
      >
        {language === "zh" ? "English" : "中文"}
      </Button>
      <Tooltip title={toDensity}>
        <Button
          type="text"
          aria-label={toDensity}
          icon={<ColumnHeightOutlined />}
          onClick={() => setLook({ density: compact ? "roomy" : "compact" })}
        />
      </Tooltip>
      <Tooltip title={toShade}>
        <Button
          type="text"
          aria-label={toShade}
          icon={dark ? <SunOutlined /> : <MoonOutlined />}
          onClick={() => setLook({ shade: dark ? "light" : "dark" })}
        />
      </Tooltip>
      <Dropdown
        trigger={["click"]}
        menu={{
          items: [
            {
              key: "tour",
              icon: <QuestionCircleOutlined />,
              label: say("tour"),
              onClick: props.onTour,
            },
            { type: "divider" },
            {
              key: "out",
              icon: <LogoutOutlined />,
              label: say("signOut"),
              onClick: () => void signOut(),
            },
          ],
        }}
      >
        <Button
          type="text"
          aria-label={say("account", { user: props.me.name || props.me.user })}
          aria-haspopup="menu"
          icon={<UserOutlined />}
        >
          {!props.narrow && <span title={props.me.user}>{props.me.name || props.me.user}</span>}
        </Button>
      </Dropdown>
      {finding && (
        <Suspense>
          <Finder onClose={() => setFinding(false)} />
        </Suspense>
      )}
    </header>
  );
}
