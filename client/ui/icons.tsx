// The icons: 16 by 16, drawn in one weight with the colour of the words beside them. They are decoration: what they mean is
// always said in words as well.
import type { ReactNode } from 'react';

function icon(shape: ReactNode) {
  return function Icon({ size = 16 }: { size?: number }) {
    return (
      <svg className="icon" width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
        {shape}
      </svg>
    );
  };
}

export const CloseIcon = icon(<path d="M4 4l8 8M12 4l-8 8" />);
export const CheckIcon = icon(<path d="M3 8.5l3.2 3.2L13 5" />);
export const PlusIcon = icon(<path d="M8 3v10M3 8h10" />);
export const MinusIcon = icon(<path d="M3 8h10" />);
export const SearchIcon = icon(
  <>
    <circle cx="7" cy="7" r="4" />
    <path d="M10 10l3.5 3.5" />
  </>,
);
export const BellIcon = icon(<path d="M4 11V7.2a4 4 0 0 1 8 0V11l1.2 1.5H2.8zM6.5 14.2h3" />);
export const PeopleIcon = icon(
  <>
    <circle cx="6" cy="5.5" r="2.5" />
    <path d="M1.8 13.2c.4-2.3 2-3.7 4.2-3.7s3.800 1.400 4.200 3.700" />
    <path d="M10.500 3.300a2.300 2.300 0 0 1 0 4.500M11.800 9.900c1.400.5 2.200 1.700 2.400 3.300" />
  </>,
);
export const PersonIcon = icon(
  <>
    <circle cx="8" cy="5.200" r="2.700" />
    <path d="M2.800 13.800c.5-2.700 2.500-4.200 5.200-4.200s4.700 1.500 5.200 4.200" />
  </>,
);
export const SettingsIcon = icon(
  <>
    <path d="M2 4.500h7M12.500 4.500H14M2 11.500h1.500M7 11.500h7" />
    <circle cx="10.700" cy="4.500" r="1.700" />
    <circle cx="5.300" cy="11.500" r="1.700" />
  </>,
);
export const ArrowLeftIcon = icon(<path d="M13 8H3M7 4L3 8l4 4" />);
export const ArrowRightIcon = icon(<path d="M3 8h10M9 4l4 4-4 4" />);
export const ArrowUpIcon = icon(<path d="M8 13V3M4 7l4-4 4 4" />);
export const ArrowDownIcon = icon(<path d="M8 3v10M4 9l4 4 4-4" />);
export const ChevronDownIcon = icon(<path d="M4 6l4 4 4-4" />);
export const ChevronUpIcon = icon(<path d="M4 10l4-4 4 4" />);
export const ChevronRightIcon = icon(<path d="M6 4l4 4-4 4" />);
export const ChevronLeftIcon = icon(<path d="M10 4L6 8l4 4" />);
export const MoreIcon = icon(
  <>
    <circle cx="3.500" cy="8" r=".6" fill="currentColor" />
    <circle cx="8" cy="8" r=".6" fill="currentColor" />
    <circle cx="12.500" cy="8" r=".6" fill="currentColor" />
  </>,
);
export const TrashIcon = icon(
  <path d="M2.500 4.500h11M6 4.500V2.800h4v1.700M4 4.500l.6 8.700h6.800l.6-8.700M6.700 7v3.800M9.300 7v3.800" />,
);
export const PencilIcon = icon(<path d="M3 13l.6-2.800L10.800 3 13 5.200l-7.200 7.200zM9.300 4.500l2.200 2.200" />);
export const CopyIcon = icon(
  <>
    <rect x="5.500" y="5.500" width="8" height="8" rx="1.200" />
    <path d="M3.500 10.500h-.2a.8.8 0 0 1-.8-.8V3.300c0-.4.4-.8.8-.8h6.400c.4 0 .8.4.8.8v.2" />
  </>,
);
export const LinkIcon = icon(
  <path d="M6.800 9.200a2.600 2.600 0 0 0 3.700 0l2.300-2.300a2.600 2.600 0 0 0-3.700-3.700l-.8.8M9.200 6.800a2.600 2.600 0 0 0-3.700 0L3.200 9.100a2.600 2.600 0 0 0 3.700 3.700l.8-.8" />,
);
export const ClockIcon = icon(
  <>
    <circle cx="8" cy="8" r="5.700" />
    <path d="M8 4.800V8l2.300 1.500" />
  </>,
);
export const HistoryIcon = icon(
  <>
    <path d="M2.800 5.500A5.700 5.700 0 1 1 2.300 8M2.500 2.700v2.900h2.900" />
    <path d="M8 5v3l2 1.400" />
  </>,
);
export const DocumentIcon = icon(<path d="M4 2h5l3.200 3.200V14H4zM9 2v3.200h3.200M6 8.300h4.200M6 10.800h4.200" />);
export const UploadIcon = icon(<path d="M8 10.500V2.800M5 5.500l3-3 3 3M2.800 10.500v2.700h10.400v-2.700" />);
export const DownloadIcon = icon(<path d="M8 2.800v7.700M5 7.700l3 3 3-3M2.800 10.500v2.700h10.400v-2.700" />);
export const PasteIcon = icon(
  <>
    <rect x="3.300" y="3" width="9.400" height="11" rx="1" />
    <path d="M6 3V1.900h4V3M6 7h4.200M6 9.600h4.200" />
  </>,
);
export const WarningIcon = icon(<path d="M8 2.500L14.200 13H1.800zM8 6.500v3M8 11.300v.1" />);
export const InfoIcon = icon(
  <>
    <circle cx="8" cy="8" r="5.700" />
    <path d="M8 7.500v3.300M8 5.200v.1" />
  </>,
);
export const SunIcon = icon(
  <>
    <circle cx="8" cy="8" r="2.700" />
    <path d="M8 1.800v1.400M8 12.800v1.400M1.800 8h1.400M12.800 8h1.400M3.600 3.600l1 1M11.400 11.400l1 1M12.400 3.600l-1 1M4.600 11.400l-1 1" />
  </>,
);
export const MoonIcon = icon(<path d="M13.300 9.700A5.700 5.700 0 0 1 6.300 2.700a5.700 5.700 0 1 0 7 7z" />);
export const DisplayIcon = icon(
  <>
    <rect x="2" y="3" width="12" height="8" rx="1" />
    <path d="M5.500 13.500h5" />
  </>,
);
export const SignOutIcon = icon(<path d="M6.500 2.800H3v10.400h3.500M10 5l3 3-3 3M6.500 8H13" />);
export const KeyIcon = icon(
  <>
    <circle cx="5.300" cy="10.700" r="2.700" />
    <path d="M7.300 8.700L13 3M10.500 5.500l2 2" />
  </>,
);
export const GlobeIcon = icon(
  <>
    <circle cx="8" cy="8" r="5.700" />
    <path d="M2.300 8h11.400M8 2.300c2 1.800 2.600 3.700 2.600 5.700S10 11.900 8 13.700C6 11.900 5.400 10 5.400 8S6 4.100 8 2.300z" />
  </>,
);
export const OfflineIcon = icon(
  <path d="M2 2l12 12M4.400 6.300A5.500 5.500 0 0 0 2.700 7.500M6.700 5.200A7.500 7.500 0 0 1 13.300 7.500M5 9.800a4.200 4.200 0 0 1 2.500-1.200M8 12.300v.1" />,
);
export const WordingIcon = icon(
  <path d="M2.500 11.500c1-1.600 2-1.600 3 0s2 1.600 3 0 2-1.600 3 0 1.500 1.400 2 .6M4.500 8L8 2.500 11.500 8M5.800 6h4.400" />,
);
export const ClaimIcon = icon(
  <path d="M8 1.900l5.200 1.900v4c0 3-2.100 5.200-5.200 6.300-3.100-1.100-5.200-3.300-5.200-6.300v-4zM5.700 8l1.700 1.700 3-3.200" />,
);
export const CommentIcon = icon(<path d="M2.500 3h11v8H8l-3 2.700V11H2.500z" />);
export const ReplyIcon = icon(<path d="M6 4L2.800 7.200 6 10.400M3 7.200h6.200c2.300 0 3.800 1.500 3.800 3.800v1" />);
export const FilterIcon = icon(<path d="M2.500 4h11M4.500 8h7M6.500 12h3" />);
export const ColumnsIcon = icon(
  <>
    <rect x="2" y="3" width="12" height="10" rx="1" />
    <path d="M6 3v10M10 3v10" />
  </>,
);
export const LockIcon = icon(
  <>
    <rect x="3.500" y="7" width="9" height="6.500" rx="1" />
    <path d="M5.500 7V5a2.500 2.500 0 0 1 5 0v2" />
  </>,
);
export const UndoIcon = icon(<path d="M5.500 3L2.500 6l3 3M2.800 6h6.400a4 4 0 0 1 0 8H6" />);
export const RedoIcon = icon(<path d="M10.500 3l3 3-3 3M13.200 6H6.800a4 4 0 0 0 0 8H10" />);
export const BoldIcon = icon(
  <path d="M4.500 3h4.200a2.400 2.400 0 0 1 0 4.900H4.500zM4.500 7.900h4.900a2.600 2.600 0 0 1 0 5.100H4.500z" />,
);
export const ItalicIcon = icon(<path d="M7 3h5M4 13h5M9.800 3L6.200 13" />);
export const HeadingIcon = icon(<path d="M3.500 3v10M12.500 3v10M3.500 8h9" />);
export const ListIcon = icon(<path d="M6 4h7.500M6 8h7.500M6 12h7.500M2.800 4h.1M2.800 8h.1M2.800 12h.1" />);
export const OrderedListIcon = icon(
  <path d="M7 4h6.500M7 8h6.500M7 12h6.500M2.500 3l1-.5v3M2.300 10.300c.3-.9 1.900-.8 1.800.2 0 .6-1.800 1.900-1.800 1.900h2" />,
);
export const QuoteIcon = icon(
  <path d="M6.500 4.500C4.300 5.200 3.200 6.700 3.200 9v2.500h3.300V8.700H4.800M13 4.500c-2.200.7-3.300 2.200-3.300 4.500v2.500H13V8.700h-1.700" />,
);
export const CommandIcon = icon(
  <path d="M5.500 5.500h5v5h-5zM5.500 5.500H4a1.700 1.700 0 1 1 1.500-1.700zM10.500 5.500V4a1.700 1.700 0 1 1 1.700 1.500zM10.500 10.500H12a1.700 1.700 0 1 1-1.500 1.700zM5.500 10.500V12A1.700 1.700 0 1 1 4 10.500z" />,
);
export const KeyboardIcon = icon(
  <>
    <rect x="1.500" y="4" width="13" height="8" rx="1" />
    <path d="M4 6.700h.1M6.700 6.700h.1M9.300 6.700h.1M12 6.700h.1M5 9.500h6" />
  </>,
);
export const FlagIcon = icon(<path d="M4 14V2.500M4 3h8.500l-2 3 2 3H4" />);
export const BookmarkIcon = icon(<path d="M4 2.500h8v11.200l-4-3-4 3z" />);
export const ExternalIcon = icon(<path d="M9 2.800h4.200V7M13 3L7.500 8.500M11 9v4.200H2.800V5H7" />);
