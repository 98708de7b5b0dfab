"""The functions as zips for AWS Lambda."""
