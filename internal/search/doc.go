// Package search ranks help articles, incidents and settings cards for what
// customers type, and for whole tickets.
package search
