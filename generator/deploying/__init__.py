"""`tarjotin deploy`: the built site into an S3 bucket behind CloudFront, so that no visitor ever meets half of it."""

THREADS = 24  # as many requests at once
