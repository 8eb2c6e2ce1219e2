import { createSpotlight } from "@mantine/spotlight";

/** What the palette library keeps of the palette, and how it is opened from elsewhere. */
export const [paletteStore, palette] = createSpotlight();
