import {
  type CSSVariablesResolver,
  createTheme,
  localStorageColorSchemeManager,
  type MantineColorsTuple,
} from "@mantine/core";

const azure: MantineColorsTuple = [
  "#e6f3fd",
  "#cfe6f9",
  "#a3cff2",
  "#7abceb",
  "#58b4f2",
  "#2f93da",
  "#1580cb",
  "#0a68b4",
  "#07569a",
  "#044379",
];

const red: MantineColorsTuple = [
  "#fdeceb",
  "#fad3d1",
  "#f6a9a5",
  "#fb8f88",
  "#ff8078",
  "#e2514f",
  "#d23b3c",
  "#b8252b",
  "#9d1c23",
  "#7c141a",
];

const dark: MantineColorsTuple = [
  "#e4eaf1",
  "#c3cfdb",
  "#a9b8c8",
  "#8d9db0",
  "#42536a",
  "#263341",
  "#1c2733",
  "#161f29",
  "#10171f",
  "#0b1016",
];

/** Mantine in the console's sizes and colours; the values themselves are in tokens.css. */
export const theme = createTheme({
  primaryColor: "azure",
  primaryShade: { light: 7, dark: 7 },
  colors: { azure, red, dark },
  fontFamily: "var(--font-sans)",
  fontFamilyMonospace: "var(--font-mono)",
  fontSizes: { xs: "12px", sm: "12px", md: "13px", lg: "15px", xl: "20px" },
  spacing: { xs: "8px", sm: "12px", md: "16px", lg: "20px", xl: "24px" },
  radius: { xs: "2px", sm: "3px", md: "4px", lg: "6px", xl: "8px" },
  defaultRadius: "md",
  respectReducedMotion: true,
  cursorType: "pointer",
  components: {
    Button: { defaultProps: { size: "xs" } },
    ActionIcon: { defaultProps: { size: "md", variant: "subtle", color: "gray" } },
    TextInput: { defaultProps: { size: "xs" } },
    PasswordInput: { defaultProps: { size: "xs" } },
    NumberInput: { defaultProps: { size: "xs" } },
    Textarea: { defaultProps: { size: "xs" } },
    Select: { defaultProps: { size: "xs" } },
    NativeSelect: { defaultProps: { size: "xs" } },
    TagsInput: { defaultProps: { size: "xs" } },
    Autocomplete: { defaultProps: { size: "xs" } },
    ColorInput: { defaultProps: { size: "xs" } },
    Checkbox: { defaultProps: { size: "xs" } },
    SegmentedControl: { defaultProps: { size: "xs" } },
    Tooltip: { defaultProps: { openDelay: 300, transitionProps: { duration: 100 }, withArrow: true } },
    Modal: {
      defaultProps: {
        transitionProps: { duration: 100 },
        // Held at its top, so that no button moves away under the pointer while the content grows.
        yOffset: "8dvh",
        shadow: "none",
        closeButtonProps: { "aria-label": "Close" },
        overlayProps: { backgroundOpacity: 0.45 },
      },
    },
    Menu: {
      defaultProps: { withInitialFocusPlaceholder: false, transitionProps: { duration: 80 }, shadow: "md" },
    },
  },
});

const shared = {
  "--mantine-color-body": "var(--surface-2)",
  "--mantine-color-text": "var(--text)",
  "--mantine-color-dimmed": "var(--text-dim)",
  "--mantine-color-placeholder": "var(--text-faint)",
  "--mantine-color-anchor": "var(--accent)",
  "--mantine-color-default": "var(--surface-2)",
  "--mantine-color-default-hover": "var(--surface-hover)",
  "--mantine-color-default-color": "var(--text)",
  "--mantine-color-default-border": "var(--border-strong)",
  "--mantine-color-error": "var(--bad)",
  "--mantine-color-disabled": "var(--idle-soft)",
  "--mantine-color-disabled-color": "var(--text-faint)",
  "--mantine-color-gray-text": "var(--text-dim)",
  "--mantine-color-azure-light-hover": "var(--surface-selected)",
  "--mantine-color-red-light-hover": "var(--bad-soft)",
  "--mantine-color-azure-light": "var(--accent-soft)",
  "--mantine-color-azure-light-color": "var(--accent)",
  "--mantine-color-azure-text": "var(--accent)",
  "--mantine-color-azure-outline": "var(--accent)",
  "--mantine-color-red-light": "var(--bad-soft)",
  "--mantine-color-red-light-color": "var(--bad)",
  "--mantine-color-red-text": "var(--bad)",
  "--mantine-color-red-outline": "var(--bad)",
  "--mantine-color-gray-light-color": "var(--text-dim)",
  "--mantine-color-gray-light-hover": "var(--surface-hover)",
};

/** Points Mantine's own variables at the console's tokens, in both schemes. */
export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: shared,
  dark: shared,
});

/** Remembers light, dark or the system's choice. */
export const colorSchemeManager = localStorageColorSchemeManager({ key: "switchyard-color-scheme" });
