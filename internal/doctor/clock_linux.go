package doctor

import "syscall"

// clockSynchronised asks the kernel whether a time server keeps the clock right
// (adjtimex(2)); known is false where it does not tell.
func clockSynchronised() (synchronised, known bool) {
	const timeError = 5 // TIME_ERROR: the clock is not synchronised
	var t syscall.Timex
	state, err := syscall.Adjtimex(&t)
	return state != timeError, err == nil
}
