import type { ThemeConfiguration } from '@aws-sdk/client-quicksight';

/** Colours that people who see few colours tell apart, by Okabe and Ito; the first are those of the local pages. */
const SERIES = ['#0072B2', '#E69F00', '#009E73', '#CC79A7', '#56B4E9', '#D55E00', '#F0E442', '#000000'];

/** The least and the most of a heat map, as on the local pages. */
export const HEAT_COLORS: readonly string[] = ['#EEF4FA', '#0C4A80'];

export const TARGET_COLOR = '#A3330C';

/** The light look of the local pages. */
export const THEME: ThemeConfiguration = {
  DataColorPalette: { Colors: SERIES, MinMaxGradient: [...HEAT_COLORS], EmptyFillColor: '#FFFFFF' },
  UIColorPalette: {
    PrimaryForeground: '#1B1F24',
    PrimaryBackground: '#FFFFFF',
    SecondaryForeground: '#525A65',
    SecondaryBackground: '#F6F7F9',
    Accent: '#0B57A4',
    AccentForeground: '#FFFFFF',
    Danger: '#A3330C',
    DangerForeground: '#FFFFFF',
    Warning: '#FFF3D6',
    WarningForeground: '#1B1F24',
    Success: '#00624A',
    SuccessForeground: '#FFFFFF',
    Dimension: '#0072B2',
    DimensionForeground: '#FFFFFF',
    Measure: '#009E73',
    MeasureForeground: '#000000',
  },
  Sheet: {
    Tile: { Border: { Show: true } },
    TileLayout: { Gutter: { Show: true }, Margin: { Show: true } },
  },
  Typography: { FontFamilies: [{ FontFamily: 'Amazon Ember' }, { FontFamily: 'sans-serif' }] },
};
