# Macros of common libraries and systems. The library's headers must compile after them. `objects` take no arguments,
# `functions` do.

# Windows: windows.h without NOMINMAX, and what it brings along.
set(functions min max Yield)
set(objects
  near far small hyper interface pascal cdecl IN OUT OPTIONAL CONST VOID CALLBACK WINAPI TRUE FALSE ERROR DELETE IGNORE
  INFINITE STRICT NO_ERROR RELATIVE ABSOLUTE TRANSPARENT OPAQUE DIFFERENCE rad1 chx1 edt1 grp1 lst1 stc1 ctl1 scr1
  GetObject CreateFile DeleteFile CopyFile MoveFile GetMessage SendMessage LoadImage DrawText)

# X11: X.h, Xlib.h, Xutil.h.
list(APPEND functions DefaultDepth DefaultScreen ScreenCount RootWindow DisplayWidth DisplayHeight)
list(APPEND objects
  Bool Status Success None True False Above Below Opposite TopIf BottomIf Always AllValues AnyKey AnyButton AnyModifier
  BadAlloc BadColor BadLength BadMatch BadName BadRequest BadValue Button1 Button2 ButtonPress ButtonRelease Complex
  Convex Nonconvex CopyFromParent CreateNotify CurrentTime CursorShape TileShape StippleShape DestroyAll DestroyNotify
  DirectColor EvenOddRule Expose NoExpose FillSolid FocusIn FocusOut GenericEvent GrayScale InputFocus InputOnly
  InputOutput KeyPress KeyRelease LSBFirst MSBFirst LineSolid LeaveNotify MapNotify MotionNotify NoSymbol NoValue
  NormalState IconicState PSize PMinSize PMaxSize PropertyDelete PropertyNotify PseudoColor RectangleIn RectangleOut
  RectanglePart StaticColor StaticGray TrueColor Unsorted YSorted XValue YValue WidthValue HeightValue ZPixmap ZoomState
  ShiftMask LockMask ControlMask)

# Qt without QT_NO_KEYWORDS.
list(APPEND functions foreach SIGNAL SLOT Q_PROPERTY Q_ARG)
list(APPEND objects slots signals emit forever Q_OBJECT)

# Arduino, whose abs is defined where this is used.
list(APPEND functions
  constrain round radians degrees sq bit bitRead bitSet bitClear bitToggle bitWrite lowByte highByte word F PSTR
  interrupts noInterrupts _BV)
list(APPEND objects
  LOW HIGH INPUT OUTPUT INPUT_PULLUP PI HALF_PI TWO_PI DEG_TO_RAD RAD_TO_DEG EULER SERIAL DISPLAY LSBFIRST MSBFIRST
  CHANGE FALLING RISING DEFAULT EXTERNAL INTERNAL LED_BUILTIN A0 A1 A2 A3 A4 A5 B0 B1 B00 B01 B10 B11 B000 B001 B111
  B0000 B0001 B1111 B00000000 B00000001 B11111111)

# C's complex.h, AssertMacros.h of macOS, sys/sysmacros.h, sys/param.h, ctype.h of some, GNU's names of the system,
# Objective-C.
list(APPEND functions
  check verify require check_string require_string require_action major minor makedev MIN MAX howmany roundup setbit
  clrbit isset isclr log2)
list(APPEND objects I complex imaginary _Complex_I _U _L _N _S _P _C _X _B unix linux YES NO nil)
