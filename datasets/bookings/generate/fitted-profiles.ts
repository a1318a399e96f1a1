/** How bookings of one origin differ, fitted to the public file. */
export interface OriginProfile {
  /** Bookings with 1, 2, … 9 passengers, in 1,000. */
  readonly passengers: readonly number[];
  /** Bookings made on a mobile, in 1,000. */
  readonly mobile: number;
  /** Lead time relative to that of all. */
  readonly leadScale: number;
  /** In logits: on a stay of at most six days, on wanting each extra, on completing the booking. */
  readonly effects: Readonly<Record<'shortStay' | 'baggage' | 'seat' | 'meals' | 'completion', number>>;
  /** How often a route with this airport is taken, relative to the route's weight: airport_factor, 1 where missing. */
  readonly airports: string;
}

/** The origins with at least a hundred bookings in the public file; all others share `OTHER_ORIGINS`. */
export const ORIGIN_PROFILES: Readonly<Record<string, OriginProfile>> = {
  Australia: {
    passengers: [692, 224, 46, 28, 8, 2, 1, 1, 0],
    mobile: 86,
    leadScale: 1.0,
    effects: { shortStay: -0.52, baggage: -0.16, seat: 0.18, meals: 0.24, completion: -1.13 },
    airports: `
      AKL_0.2 AOR_0.7 BKI_0.56 BLR_0.71 BOM_0.23 BTU_0.36 BWN_0.53 CAN_0.65 CKG_0.34 CMB_2.4 COK_3 CRK_1.6 CTS_0.6
      CTU_0.47 DAC_2.2 DAD_1.4 DMK_1.3 DPS_1.7 GOI_1.6 HAN_0.75 HDY_0.32 HGH_0.37 HKG_0.38 HKT_1.7 HYD_1.3 IKA_1.8
      JHB_0.53 KBR_0.66 KHH_0.32 KIX_0.75 KLO_1.3 KNO_1.7 KTM_1.8 KUL_2.8 LBU_0.17 LGK_0.7 LOP_0.61 MEL_110 MFM_0.24
      MLE_0.62 MNL_1.4 MRU_1.5 MYY_0.33 OOL_99 PEK_0.51 PER_140 PNH_1.7 PVG_0.55 RGN_1.7 SBW_0.78 SDK_0.2 SGN_2.5
      SIN_0.7 SYD_99 SZX_0.66 TGG_0.22 TWU_0.41 UTP_0.73 VTE_0.5 XIY_0.28
    `,
  },
  Malaysia: {
    passengers: [608, 253, 64, 41, 17, 10, 3, 2, 1],
    mobile: 115,
    leadScale: 0.9,
    effects: { shortStay: 0.29, baggage: 0.39, seat: 0.08, meals: 0.01, completion: 0.1 },
    airports: `
      AKL_1.4 AOR_18 BDO_0.37 BKI_48 BLR_0.36 BOM_0.56 BTU_44 BWN_0.68 CAN_0.4 CCU_0.37 CEB_0.37 CKG_0.32 CMB_0.21
      CNX_0.38 COK_0.35 CRK_0.7 CTU_0.47 DAC_0.67 DEL_0.5 DMK_0.45 DPS_0.36 GOI_0.17 HAN_0.39 HGH_0.76 HKG_0.29
      HKT_0.22 HND_0.46 HYD_0.41 ICN_0.45 IKA_0.24 JHB_84 JOG_0.37 KBR_28 KBV_0.51 KCH_86 KHH_0.68 KLO_0.72 KTM_1.4
      KUL_8.2 LBU_14 LGK_3.3 MAA_0.23 MEL_0.6 MFM_0.2 MNL_0.41 MRU_0.31 MYY_29 OOL_0.47 PEK_0.37 PEN_59 PER_0.74
      PNH_0.6 PNK_0.7 PUS_0.45 PVG_0.33 REP_0.35 RGN_0.34 SBW_65 SDK_24 SGN_0.31 SIN_1.6 SRG_0.71 SUB_0.26 SYD_0.39
      SZX_0.6 TGG_16 TPE_0.68 TRZ_0.23 TWU_9.1 URT_0.76 UTP_0.64 VTE_0.72 VTZ_0.5 WUH_0.5 XIY_0.61
    `,
  },
  'South Korea': {
    passengers: [524, 334, 67, 51, 9, 7, 4, 2, 2],
    mobile: 95,
    leadScale: 1.1,
    effects: { shortStay: 0.43, baggage: -0.07, seat: -0.13, meals: 0.17, completion: -0.76 },
    airports: `
      AOR_0.34 BDO_0.49 BKI_1.9 BLR_0.58 BTU_0.34 BWN_0.78 CAN_0.78 CCU_0.75 CEB_0.79 CGK_0.69 CKG_0.79 CNX_1.4
      CTS_0.6 DEL_0.61 DMK_0.47 DPS_2.7 HAN_0.79 HGH_0.58 HKT_1.8 HND_0.69 HYD_0.64 ICN_450 JHB_0.59 JOG_1.6 KBV_1.5
      KCH_0.7 KIX_0.47 KTM_1.5 KUL_0.47 LGK_1.8 LOP_1.9 MAA_0.77 MFM_0.68 MLE_2.5 MNL_0.7 MRU_0.72 MYY_0.12 OOL_0.77
      PEK_1.6 PEN_0.6 PNH_0.66 PUS_530 REP_0.68 SBW_0.44 SDK_2.2 SIN_1.3 SUB_0.31 SYD_1.5 TGG_0.35 TRZ_1.6 TWU_0.76
      WUH_0.76 XIY_0.7
    `,
  },
  Japan: {
    passengers: [642, 263, 55, 25, 6, 4, 1, 2, 1],
    mobile: 154,
    leadScale: 1.0,
    effects: { shortStay: 0.34, baggage: -0.24, seat: 0.33, meals: -0.2, completion: -0.71 },
    airports: `
      AKL_0.57 AOR_0.54 BLR_0.68 BTU_0.77 CAN_0.75 CCU_0.67 CEB_0.7 CKG_0.62 CMB_2.4 COK_0.71 CTS_70 DAC_0.42 DEL_0.55
      DMK_0.64 DPS_1.5 HAN_2.4 HDY_0.78 HGH_0.59 HND_150 HYD_0.6 ICN_1.3 KBR_0.56 KBV_1.4 KCH_0.68 KIX_150 KNO_1.3
      KTM_0.68 KUL_0.61 LGK_2 LOP_0.79 MAA_0.55 MEL_0.38 MLE_0.74 MNL_0.59 MRU_0.54 MYY_0.31 OOL_0.46 PEK_1.9 PER_0.33
      PNH_0.55 PUS_1.3 PVG_1.8 REP_1.7 SGN_0.67 SIN_0.62 SUB_0.78 SYD_0.49 TRZ_1.3 TWU_0.34 VTZ_1.7 WUH_0.6
    `,
  },
  China: {
    passengers: [427, 338, 117, 55, 24, 16, 9, 9, 6],
    mobile: 175,
    leadScale: 0.9,
    effects: { shortStay: 0.13, baggage: -0.51, seat: -0.58, meals: -0.13, completion: 0.23 },
    airports: `
      AKL_0.39 AOR_0.78 BDO_0.43 BKI_1.3 BLR_0.58 BOM_0.75 BTU_0.77 BWN_0.22 CAN_38 CCU_0.59 CEB_0.59 CGK_0.35 CKG_36
      CMB_0.8 COK_0.44 CTS_0.33 CTU_54 DAC_0.63 DAD_0.74 DEL_0.16 DMK_0.49 GOI_0.75 HAN_0.62 HDY_0.63 HGH_90 HKG_5.7
      HKT_1.6 HND_0.25 HYD_0.47 ICN_0.36 JHB_0.44 JOG_0.25 KCH_0.23 KIX_0.26 KNO_0.18 KTM_0.38 KUL_0.44 LGK_0.76
      LOP_1.2 MAA_0.51 MEL_0.39 MFM_11 MLE_1.7 MNL_0.5 MRU_1.7 MYY_0.56 OOL_0.31 PEK_60 PEN_0.51 PER_0.31 PNH_0.79
      PUS_0.26 PVG_54 RGN_0.6 SBW_0.26 SGN_0.47 SIN_0.43 SUB_0.38 SYD_0.39 SZX_34 TGG_1.4 TPE_0.4 TRZ_0.49 TWU_1.8
      VTZ_0.74 WUH_28 XIY_47
    `,
  },
  Indonesia: {
    passengers: [599, 240, 83, 41, 20, 12, 3, 1, 2],
    mobile: 159,
    leadScale: 1.3,
    effects: { shortStay: 0.56, baggage: 0.04, seat: -0.14, meals: 0.13, completion: 0.41 },
    airports: `
      AKL_0.67 AOR_0.66 BDO_69 BKI_0.53 BLR_1.3 BOM_1.4 BWN_0.55 CCU_0.54 CEB_0.56 CGK_100 CMB_0.49 CNX_0.39 CTU_0.39
      DAD_0.71 DEL_0.63 DMK_0.26 DPS_9 GOI_0.66 HDY_0.72 HGH_0.5 HKG_0.43 HKT_0.31 HND_1.4 JED_1.3 JHB_0.36 JOG_34
      KBR_0.53 KBV_0.59 KCH_0.48 KNO_85 KTM_0.67 LGK_0.28 MAA_1.3 MEL_0.7 MFM_0.46 MLE_0.78 MNL_0.42 MRU_0.54 OOL_0.38
      PEK_0.77 PEN_0.37 PER_0.67 PNK_17 PUS_0.35 PVG_0.25 SBW_0.71 SGN_0.46 SIN_0.69 SRG_14 SUB_65 SYD_0.6 SZX_0.72
      TGG_0.58 TPE_0.67 TRZ_0.52 TWU_0.55 VTZ_2 WUH_0.41 XIY_0.64
    `,
  },
  Thailand: {
    passengers: [502, 320, 79, 50, 28, 11, 3, 5, 1],
    mobile: 209,
    leadScale: 1.2,
    effects: { shortStay: 0.34, baggage: 0.31, seat: 0.02, meals: -0.56, completion: 0.59 },
    airports: `
      AOR_0.76 BDO_0.58 BKI_0.55 BLR_0.69 BTU_0.8 BWN_0.75 CAN_0.74 CCU_0.71 CEB_0.76 CGK_0.67 CKG_0.78 CMB_0.45
      CNX_88 COK_0.43 CTS_4 CTU_0.71 DAC_1.3 DEL_0.55 DMK_120 DPS_0.47 GOI_0.8 HAN_0.76 HDY_29 HGH_0.37 HKG_0.76
      HKT_18 HND_1.5 HYD_0.6 IKA_1.6 JHB_0.49 JOG_0.57 KBR_1.8 KBV_6.3 KCH_0.43 KIX_3.4 KNO_0.46 KTM_0.25 LOP_0.69
      MEL_0.53 MFM_0.75 MLE_0.57 MRU_0.74 MYY_0.59 OOL_0.33 PEN_0.35 PER_0.64 SBW_0.58 SGN_0.71 SIN_0.31 SUB_0.46
      SYD_0.65 TGG_1.3 TPE_0.69 TRZ_0.49 URT_5.9 UTP_14 WUH_0.39 XIY_0.51
    `,
  },
  Taiwan: {
    passengers: [691, 231, 39, 23, 6, 4, 3, 1, 2],
    mobile: 100,
    leadScale: 0.95,
    effects: { shortStay: 0.05, baggage: 0.18, seat: -0.14, meals: 0.26, completion: -0.43 },
    airports: `
      BKI_0.57 BTU_2.3 BWN_0.6 CCU_1.3 CEB_0.76 CGK_0.61 CMB_0.6 CTS_2.3 DEL_0.47 DMK_0.33 DPS_1.5 HAN_0.8 HDY_0.74
      HGH_0.64 HKG_0.57 HKT_0.79 HND_0.4 HYD_0.72 ICN_0.57 IKA_0.52 JHB_0.42 JOG_2 KBR_0.68 KHH_48 KIX_0.6 KTM_0.68
      KUL_0.4 LGK_1.3 LOP_1.3 MAA_0.67 MFM_0.79 MLE_2.9 MNL_0.75 MRU_0.76 MYY_0.79 OOL_1.4 PEK_0.62 PEN_0.64 PER_0.58
      PNH_0.49 PNK_0.41 PUS_1.6 PVG_3.6 REP_1.4 RGN_0.65 SGN_0.53 SIN_1.3 SRG_0.44 TPE_510 TRZ_1.9 TWU_1.7 WUH_1.8
      XIY_1.5
    `,
  },
  India: {
    passengers: [545, 327, 72, 40, 5, 7, 2, 2, 0],
    mobile: 126,
    leadScale: 1.0,
    effects: { shortStay: 0.35, baggage: 0.15, seat: 0.33, meals: 0.28, completion: 0.12 },
    airports: `
      AKL_0.42 AOR_0.77 BDO_0.58 BKI_0.33 BLR_63 BOM_24 BTU_0.76 BWN_0.4 CCU_40 CEB_0.55 CGK_0.38 CKG_0.21 CMB_0.55
      CNX_0.47 COK_31 CTS_0.35 DAD_0.7 DEL_58 DMK_0.64 GOI_2.6 HAN_0.59 HDY_0.76 HGH_0.72 HKT_1.3 HND_0.36 HYD_44
      ICN_0.54 IKA_0.42 KBR_0.67 KBV_0.68 KCH_0.6 KHH_0.8 KIX_0.38 KNO_0.79 KTM_0.35 KUL_0.62 LOP_0.73 MAA_55 MFM_0.65
      MLE_0.63 MNL_0.41 MRU_0.63 MYY_1.9 OOL_0.48 PEK_0.42 PEN_0.39 PER_0.52 PNH_0.27 PVG_0.45 RGN_0.58 SBW_0.51
      SGN_0.5 SIN_1.7 SUB_0.54 SYD_0.67 SZX_0.78 TGG_1.3 TPE_0.45 TRZ_25 TWU_0.61 VTZ_16 WUH_0.25 XIY_0.42
    `,
  },
  'New Zealand': {
    passengers: [644, 253, 53, 37, 8, 4, 0, 0, 0],
    mobile: 68,
    leadScale: 1.7,
    effects: { shortStay: -0.73, baggage: -0.58, seat: -0.7, meals: 0.08, completion: -1.65 },
    airports: `
      AKL_200 BDO_0.74 BKI_0.76 BLR_0.6 BOM_1.6 BWN_0.77 CAN_0.67 CCU_1.8 CEB_1.9 CGK_0.63 CMB_2.4 COK_2.2 CTS_0.61
      CTU_0.57 DAC_0.66 DAD_0.76 DMK_1.5 DPS_0.8 GOI_2 HGH_0.58 HKG_0.36 HKT_1.4 HND_0.56 HYD_2.2 JHB_0.64 JOG_0.8
      KBV_0.63 KIX_0.74 KNO_0.63 KUL_0.66 MAA_1.9 MEL_2.6 MFM_0.67 MNL_0.56 MYY_0.63 OOL_1.9 PEK_0.53 PER_1.9 PUS_1.3
      PVG_0.34 RGN_0.7 SBW_1.3 SIN_0.58 SUB_2.4 SYD_3.4 TPE_0.39 TRZ_0.52 TWU_0.79 VTZ_0.8 WUH_2 XIY_0.7
    `,
  },
  Singapore: {
    passengers: [685, 211, 56, 34, 10, 4, 1, 0, 0],
    mobile: 101,
    leadScale: 0.8,
    effects: { shortStay: -0.28, baggage: -0.13, seat: 0.03, meals: -0.21, completion: 0.81 },
    airports: `
      AOR_0.76 BKI_1.3 BLR_0.65 BTU_1.5 BWN_0.63 CAN_0.68 CCU_0.66 CEB_0.63 CGK_2.8 CKG_1.5 CNX_0.49 COK_0.66 CTS_1.8
      DAC_0.69 DAD_0.79 DEL_0.66 DPS_0.66 GOI_0.72 HAN_0.65 HGH_0.39 HKT_1.7 ICN_1.3 IKA_1.4 JHB_17 JOG_0.65 KBR_0.68
      KBV_2.7 KCH_3.7 KIX_1.4 KUL_1.6 LOP_0.75 MAA_0.77 MEL_0.57 MFM_0.55 MLE_0.59 MNL_0.54 PEK_0.57 PEN_3.8 PNH_0.48
      PUS_0.61 PVG_0.49 REP_0.51 SBW_0.55 SGN_0.73 SIN_74 SUB_2.2 SYD_0.51 SZX_0.76 TGG_1.3 TRZ_1.8 TWU_1.3 VTZ_0.77
      WUH_1.3 XIY_1.5
    `,
  },
  'United States': {
    passengers: [696, 228, 42, 22, 6, 1, 5, 0, 0],
    mobile: 56,
    leadScale: 0.95,
    effects: { shortStay: 0.08, baggage: -0.32, seat: 0.08, meals: -0.29, completion: 0.0 },
    airports: `
      AKL_0.6 AOR_0.67 BKI_1.4 BLR_2.5 BTU_0.65 BWN_0.54 CEB_1.3 CGK_1.9 CKG_0.54 CMB_1.3 CNX_1.7 COK_0.67 CRK_1.8
      CTS_0.61 CTU_2.1 DAC_1.3 DAD_0.65 DPS_1.7 GOI_1.4 HAN_0.53 HDY_0.66 HGH_1.9 HKT_2 HND_1.4 HYD_1.7 ICN_1.4
      IKA_1.8 KBR_0.52 KCH_0.61 KHH_0.76 KIX_0.72 KNO_0.7 MAA_1.9 MFM_0.72 MLE_2 MNL_2 MRU_0.4 MYY_0.73 OOL_0.77
      PEK_2.4 PER_0.79 PUS_0.33 PVG_3.1 SBW_0.39 SDK_0.77 SGN_1.6 SUB_0.57 SZX_0.68 TGG_1.7 TRZ_0.77 TWU_2.8 VTZ_0.63
    `,
  },
  Vietnam: {
    passengers: [734, 196, 50, 16, 2, 1, 0, 0, 0],
    mobile: 72,
    leadScale: 0.85,
    effects: { shortStay: 0.01, baggage: 0.0, seat: -0.2, meals: -0.33, completion: 0.89 },
    airports: `
      BBI_2.6 BDO_0.8 BKI_0.56 BLR_1.6 CAN_0.79 CCU_0.78 CEB_0.77 CGK_0.43 CMB_0.6 CNX_1.3 DAD_40 DPS_0.76 HAN_99
      HGH_0.65 HKG_0.53 HKT_0.42 HND_0.69 HYD_0.68 ICN_0.45 IKA_0.69 JHB_0.67 KBV_1.3 KIX_0.67 KNO_0.67 KTM_0.78
      MAA_0.66 MFM_0.74 MNL_0.67 MRU_2.6 MYY_0.75 OOL_0.79 PEK_0.59 PEN_0.71 PER_0.72 PNH_0.66 PUS_1.5 PVG_0.57
      REP_0.71 RGN_0.79 SBW_2.6 SGN_150 SUB_0.7 TPE_0.63 TRZ_0.63 XIY_0.76
    `,
  },
  Macau: {
    passengers: [863, 108, 13, 12, 2, 1, 0, 0, 0],
    mobile: 107,
    leadScale: 0.6,
    effects: { shortStay: -0.47, baggage: 0.45, seat: -1.11, meals: 0.26, completion: 0.49 },
    airports: `
      AKL_0.55 BKI_1.6 CGK_0.65 CMB_0.79 COK_0.77 DEL_0.79 DMK_0.54 DPS_0.57 HKG_8.8 HKT_0.64 HND_0.65 ICN_0.5
      JHB_0.74 KTM_5 KUL_0.57 LGK_0.8 MEL_1.8 MFM_510 PEK_0.64 PER_0.74 PUS_0.79 PVG_0.63 SBW_2 SGN_0.69 SIN_0.59
      TPE_1.9
    `,
  },
  'Hong Kong': {
    passengers: [666, 224, 53, 31, 16, 1, 0, 0, 7],
    mobile: 65,
    leadScale: 1.05,
    effects: { shortStay: 0.11, baggage: -0.12, seat: 0.13, meals: 0.11, completion: 0.29 },
    airports: `
      BDO_2.3 BKI_0.46 BLR_0.71 BWN_0.73 CAN_0.76 CCU_1.4 CEB_0.72 CGK_1.9 CKG_1.5 CNX_0.6 COK_0.51 CTS_0.49 DAC_0.78
      DEL_0.71 DMK_1.5 DPS_1.6 HAN_0.75 HDY_1.8 HGH_1.3 HKG_70 HKT_1.9 HND_0.78 HYD_0.62 ICN_0.59 JOG_0.67 KBR_0.77
      KBV_1.6 KCH_0.46 KIX_0.6 KTM_1.3 LGK_0.71 LOP_1.5 MAA_0.57 MEL_1.3 MFM_1.8 MLE_0.77 MNL_0.63 MRU_0.61 MYY_0.69
      PEK_3.6 PEN_2.2 PER_1.3 PNH_0.6 PUS_0.4 PVG_2.4 REP_0.61 RGN_1.5 SBW_0.63 SGN_1.8 SIN_2 SUB_1.5 SYD_0.79
      TGG_0.75 TRZ_1.8 TWU_0.62 WUH_1.3 XIY_0.62
    `,
  },
  Philippines: {
    passengers: [723, 178, 37, 44, 13, 1, 0, 4, 0],
    mobile: 146,
    leadScale: 0.75,
    effects: { shortStay: -0.13, baggage: 0.16, seat: 0.28, meals: 0.0, completion: 0.31 },
    airports: `
      BDO_0.77 BKI_1.4 BLR_0.79 BWN_1.7 CCU_0.8 CEB_29 CNX_0.7 CRK_2.4 CTS_0.66 CTU_0.62 DMK_0.48 GOI_2 HGH_0.65
      HKT_0.63 HYD_1.4 ICN_1.5 IKA_1.5 JHB_0.61 KBV_0.67 KCH_0.61 KIX_0.79 KLO_2.4 KNO_0.65 KTM_1.3 KUL_1.3 MAA_0.66
      MFM_0.69 MLE_0.76 MNL_280 MRU_0.74 MYY_0.74 OOL_0.76 PEK_0.61 PER_0.54 PNH_1.3 PVG_0.57 REP_0.7 RGN_0.78
      SBW_0.73 SGN_0.5 SUB_0.66 SYD_0.65 TPE_0.65 TRZ_0.61 WUH_1.9 XIY_1.5
    `,
  },
  'United Kingdom': {
    passengers: [632, 284, 42, 25, 8, 1, 6, 0, 0],
    mobile: 29,
    leadScale: 1.2,
    effects: { shortStay: 0.01, baggage: 0.0, seat: 0.07, meals: -0.24, completion: -0.38 },
    airports: `
      AKL_2.1 BDO_0.7 BKI_0.73 BLR_0.61 BOM_0.78 BTU_0.79 BWN_2.3 CAN_1.3 CCU_0.64 CEB_1.4 CGK_0.67 CKG_0.78 CMB_2
      CNX_0.56 CTS_0.47 CTU_0.53 DAC_0.68 DEL_3.1 DMK_3.5 HAN_0.69 HGH_1.6 HND_1.4 HYD_0.51 ICN_1.4 JOG_0.69 KBR_0.76
      KBV_0.54 KCH_1.3 KIX_1.4 KUL_1.8 LBU_2.1 LGK_2.7 LOP_1.7 MAA_0.5 MEL_1.4 MFM_0.66 MLE_0.72 MNL_1.9 MYY_0.61
      PEK_0.78 PEN_1.6 PER_2.3 PVG_1.3 REP_0.6 RGN_0.67 SBW_1.9 SGN_0.79 SIN_2.2 SUB_0.59 SYD_2.6 TGG_0.79 TPE_1.4
      TWU_0.75 WUH_0.79 XIY_0.68
    `,
  },
  Brunei: {
    passengers: [643, 236, 61, 43, 3, 7, 1, 1, 6],
    mobile: 92,
    leadScale: 0.6,
    effects: { shortStay: -0.1, baggage: 0.46, seat: -0.12, meals: -0.21, completion: 0.37 },
    airports: `
      BKI_0.69 BWN_380 CEB_2 CKG_4.5 CMB_0.75 CNX_0.79 COK_0.73 CTU_0.76 DEL_1.5 DMK_0.43 DPS_0.45 HGH_0.77 HKG_0.66
      HKT_0.54 ICN_1.3 IKA_0.8 JHB_0.76 KBV_0.76 KCH_2.5 KIX_0.4 KNO_0.76 LGK_0.68 MAA_1.6 MEL_0.48 MFM_0.8 MNL_0.79
      MYY_75 OOL_1.3 PEK_0.53 PNH_0.77 PUS_0.44 SGN_0.66 SIN_0.48 SUB_1.6 SYD_0.65 TRZ_0.72
    `,
  },
  Cambodia: {
    passengers: [777, 142, 44, 30, 4, 2, 1, 1, 0],
    mobile: 82,
    leadScale: 0.9,
    effects: { shortStay: -0.22, baggage: -0.31, seat: -0.13, meals: -0.68, completion: 0.63 },
    airports: `
      BKI_0.7 CGK_0.6 CMB_1.5 CNX_0.79 COK_0.71 CTS_0.66 DMK_5.7 DPS_0.53 HKG_0.65 HKT_0.57 HND_1.5 HYD_0.79 ICN_0.6
      IKA_1.6 KCH_0.76 LGK_0.73 MAA_0.79 MEL_1.2 OOL_1.6 PEN_0.5 PER_1.3 PNH_210 PUS_0.68 PVG_0.56 REP_38 SIN_0.54
      SYD_1.4 TPE_0.4 TRZ_0.77
    `,
  },
};

export const OTHER_ORIGINS: OriginProfile = {
  passengers: [677, 232, 51, 29, 4, 4, 1, 0, 1],
  mobile: 92,
  leadScale: 0.9,
  effects: { shortStay: -0.26, baggage: -0.25, seat: 0.01, meals: 0.09, completion: -0.18 },
  airports: `
    AOR_5.5 BDO_0.45 BOM_0.78 BTU_0.49 BWN_0.59 CGK_1.4 CKG_0.75 CMB_5.8 COK_1.7 CRK_0.65 CTS_0.34 CTU_0.7 DAC_8.4
    DAD_0.46 DEL_1.3 DMK_2 DPS_2.3 GOI_1.4 HAN_0.7 HKG_0.67 HND_0.79 HYD_1.3 ICN_0.65 IKA_2.7 JED_1.6 JHB_0.31
    KBV_0.66 KCH_0.41 KHH_0.61 KIX_0.58 KLO_1.3 KNO_0.39 KTM_2.6 KUL_1.5 LBU_0.66 LPQ_2.1 MAA_1.3 MFM_0.3 MLE_1.7
    MRU_6.5 PNH_1.3 PNK_0.74 PUS_0.44 RGN_9.9 SBW_0.56 SDK_0.57 SIN_0.8 SRG_0.76 SUB_0.76 SZX_0.76 TGG_0.63 TPE_0.68
    TWU_0.7 URT_0.71 UTP_0.62 VTE_11 VTZ_0.47 WUH_0.54
  `,
};
