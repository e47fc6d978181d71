package search

// HelpArticles is for the tests that need package judge.
var HelpArticles = helpArticles
