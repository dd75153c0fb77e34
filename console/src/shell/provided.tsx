/** Ant Design with Guan's look, the person's language, and the nonce that lets its styles in. */
import { ConfigProvider, App as Messages, theme } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import dayjs from "dayjs";
import "dayjs/locale/zh-cn";
import { type ReactNode, useLayoutEffect } from "react";
import { useLanguage } from "../i18n/words";
import { useLook } from "../look";
import { nonce } from "../nonce";

const TYPE = "var(--type)";

/** The brand colour as it can be read on a dark drawer. */
const TABS_IN_THE_DARK = { itemSelectedColor: "#5fb7bd", itemHoverColor: "#5fb7bd" };

/** Under the pointer a link is to be read as well as before. */
const LINKS = {
  dark: { colorLinkHover: "#8fd0d5", colorLinkActive: "#8fd0d5" },
  light: { colorLinkHover: "#0a464c", colorLinkActive: "#0a464c" },
} as const;

export function Provided(props: { children: ReactNode }) {
  const language = useLanguage();
  const { shade, density } = useLook();
  useLayoutEffect(() => {
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
    dayjs.locale(language === "zh" ? "zh-cn" : "en");
  }, [language]);
  const dark = shade === "dark";
  return (
    <ConfigProvider
      locale={language === "zh" ? zhCN : enUS}
      csp={{ nonce }}
      componentSize={density === "compact" ? "medium" : "large"}
      button={{ autoInsertSpace: false }}
      theme={{
        algorithm: dark ? theme.darkAlgorithm : theme.defaultAlgorithm,
        token: {
          fontFamily: TYPE,
          colorPrimary: dark ? "#4fa9b0" : "#0f5f66",
          colorError: dark ? "#ff9c94" : "#b3261e",
          colorLink: dark ? "#5fb7bd" : "#0f5f66",
          ...LINKS[shade],
          colorBgContainer: dark ? "#181d20" : "#ffffff",
          colorBgElevated: dark ? "#1e2427" : "#ffffff",
          colorBgLayout: dark ? "#101416" : "#f5f6f7",
          colorTextSecondary: dark ? "#9aa5ac" : "#5a656d",
          colorTextDescription: "var(--quiet)",
          colorTextPlaceholder: dark ? "#8b969d" : "#6a757d",
          borderRadius: 7,
          motion: false,
        },
        components: {
          Tabs: dark ? TABS_IN_THE_DARK : {},
          // What is written on a filled button has to be read in both looks.
          Button: {
            primaryColor: dark ? "#0c1a1b" : "#ffffff",
            dangerColor: dark ? "#25100e" : "#ffffff",
          },
          Table: {
            headerBg: dark ? "#14191b" : "#fbfbfc",
            headerSplitColor: "transparent",
            cellPaddingBlockSM: 5,
            cellPaddingInlineSM: 12,
            cellPaddingInlineMD: 12,
          },
        },
      }}
    >
      <Messages component={false}>{props.children}</Messages>
    </ConfigProvider>
  );
}
