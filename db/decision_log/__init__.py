"""The decision log in SQL: appending, paging, voiding, erasing."""
