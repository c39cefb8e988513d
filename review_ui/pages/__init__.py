"""What all page areas share: preferences, the office frame, forms of a bundle, paging."""
